//! Branches that lead to more work than the best only after more headers than there is room for (rule F5).

use super::{Headers, State};
use crate::chain::{Presync, Presynced};
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::{BlockId, Header};
use crate::wire::{Goodbye, MAX_LOCATOR, Message};

impl Headers {
    /// There is no room for the peer's branch unless it leads to more work than the best: see whether it does
    /// (rule F5).
    pub(super) fn begin_presync(&mut self, cx: &mut Context, id: PeerId, headers: &[Header]) -> Result<bool, Goodbye> {
        let begun = cx.chain.presync(headers);
        let Some((peer, (presync, new))) = self.peers.get_mut(&id).zip(begun) else {
            self.answered(id);
            return Ok(true);
        };
        peer.presync = Some(Box::new(presync));
        self.go_on_presync(cx, id, &headers[new..]).unwrap_or(Ok(false))
    }

    /// Gives these headers to a peer's presync, if it has one. Returns what came of it if they belong to it.
    pub(super) fn go_on_presync(
        &mut self,
        cx: &mut Context,
        id: PeerId,
        headers: &[Header],
    ) -> Option<Result<bool, Goodbye>> {
        let best_before = cx.chain.best_header().id;
        let mut presync = self.peers.get_mut(&id)?.presync.take()?;
        let (new, outcome) = cx.chain.go_on_presync(&mut presync, headers, cx.now.wall);
        self.keep(cx, new, best_before);
        let outcome = match outcome {
            Ok(Presynced::Ask(after)) => {
                self.ask_presync(cx, id, presync, after);
                Ok(false)
            }
            Ok(Presynced::Done(last)) => {
                self.peer_has(cx, id, last);
                self.answered(id);
                self.ask_after(cx, id, &last);
                Ok(true)
            }
            Ok(Presynced::Over) => {
                self.all_told(cx, id);
                Ok(true)
            }
            Ok(Presynced::Unrelated) => return self.is_announcement(cx, id, presync, headers).then_some(Ok(false)),
            Err(refusal) => self.refused(cx, id, &refusal),
        };
        Some(outcome)
    }

    fn ask_presync(&mut self, cx: &mut Context, id: PeerId, presync: Box<Presync>, after: BlockId) {
        let mut locator = cx.chain.locator(&presync.start());
        if locator.first() != Some(&after) {
            locator.insert(0, after);
        }
        locator.truncate(MAX_LOCATOR);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.presync = Some(presync);
        peer.state = State::Asked(cx.now.monotonic);
        peer.asked_after = Some(after);
        cx.outbox.send(id, &Message::GetHeaders { locator });
    }

    /// Whether headers that do not follow are the announcement of a new tip, which crossed with the question: the
    /// answer is still to come then. Else the peer has moved to another branch, and the presync is over.
    fn is_announcement(&mut self, cx: &Context, id: PeerId, presync: Box<Presync>, headers: &[Header]) -> bool {
        let known = headers.first().is_none_or(|first| cx.chain.height_of(&first.previous).is_some());
        if let Some(peer) = self.peers.get_mut(&id).filter(|_| !known) {
            peer.presync = Some(presync);
            peer.ask_again = true;
        }
        !known
    }
}
