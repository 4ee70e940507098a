use crate::chain::{ChangeSet, Durability};
use crate::effect::Effect;
use crate::event::Event;
use crate::peer_id::PeerId;
use crate::wire::Message;
use bytes::Bytes;
use std::collections::VecDeque;

/// Effects in the order in which the driver must carry them out.
///
/// Bound: the effects of one input; the driver drains them before the next.
#[derive(Default)]
pub(crate) struct Outbox {
    effects: VecDeque<Effect>,
    /// Whether something stored may not be on disk yet.
    unsynced: bool,
}

impl Outbox {
    pub(crate) fn pop(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(crate) fn emit(&mut self, event: Event) {
        self.push(Effect::Emit(event));
    }

    pub(crate) fn send(&mut self, peer: PeerId, message: &Message) {
        self.send_frame(peer, message.encode().into());
    }

    /// Sends an encoded message.
    pub(crate) fn send_frame(&mut self, peer: PeerId, bytes: Bytes) {
        self.push(Effect::Send { peer, bytes });
    }

    /// Sends a message about stored blocks, after they are on disk.
    pub(crate) fn announce(&mut self, peer: PeerId, message: &Message) {
        self.announce_frame(peer, message.encode().into());
    }

    /// Like [`Outbox::announce`], with an encoded message.
    pub(crate) fn announce_frame(&mut self, peer: PeerId, bytes: Bytes) {
        self.make_durable();
        self.send_frame(peer, bytes);
    }

    /// Stores a change. Consecutive changes become one commit.
    pub(crate) fn store(&mut self, changes: ChangeSet, durability: Durability) {
        if changes.is_empty() && durability == Durability::Eventual {
            return;
        }
        self.unsynced = durability == Durability::Eventual;
        if let Some(Effect::Store { changes: last, durability: d }) = self.effects.back_mut() {
            last.merge(changes);
            *d = durability.max(*d);
            return;
        }
        self.push(Effect::Store { changes: Box::new(changes), durability });
    }

    /// Makes everything stored so far durable before the next effect.
    pub(crate) fn make_durable(&mut self) {
        if self.unsynced {
            self.store(ChangeSet::default(), Durability::Immediate);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::primitives::BlockId;

    fn tip(n: u8) -> ChangeSet {
        ChangeSet { tip: Some(BlockId([n; 32])), ..ChangeSet::default() }
    }

    #[test]
    fn announcements_follow_a_durable_store() {
        let mut outbox = Outbox::default();
        outbox.store(tip(1), Durability::Eventual);
        outbox.send(PeerId(1), &Message::GetAddresses);
        outbox.announce(PeerId(1), &Message::Headers(vec![]));
        outbox.announce(PeerId(2), &Message::Headers(vec![]));
        let kinds: Vec<_> = core::iter::from_fn(|| outbox.pop())
            .map(|e| match e {
                Effect::Store { durability: Durability::Eventual, .. } => 'e',
                Effect::Store { durability: Durability::Immediate, .. } => 'i',
                _ => 's',
            })
            .collect();
        assert_eq!(kinds, ['e', 's', 'i', 's', 's']);
    }

    #[test]
    fn consecutive_changes_become_one_commit() {
        let mut outbox = Outbox::default();
        outbox.store(tip(1), Durability::Immediate);
        outbox.store(tip(2), Durability::Eventual);
        let Some(Effect::Store { changes, durability }) = outbox.pop() else { panic!("no store") };
        assert_eq!((changes.tip, durability), (tip(2).tip, Durability::Immediate));
        assert!(outbox.pop().is_none());
    }
}
