//! Branches that reach more work than the best header only after more headers than the node keeps (rule F5).

use super::{Headers, State};
use crate::chain::{Presync, Presynced};
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::{BlockId, Header, Identified};
use crate::wire::{Goodbye, MAX_LOCATOR, Message};

impl Headers {
    /// Starts a presync of a branch for which there is no room unless it has the most work (rule F5).
    pub(super) fn begin_presync(
        &mut self,
        cx: &mut Context,
        id: PeerId,
        headers: &[Identified<Header>],
    ) -> Result<bool, Goodbye> {
        let started = cx.chain.presync(headers);
        let Some((peer, (presync, new))) = self.peers.get_mut(&id).zip(started) else {
            self.answered(cx, id);
            return Ok(true);
        };
        peer.presync = Some(Box::new(presync));
        self.go_on_presync(cx, id, &headers[new..]).unwrap_or(Ok(false))
    }

    /// Passes headers to a peer's presync, if it has one. Returns the outcome if they belong to it.
    pub(super) fn go_on_presync(
        &mut self,
        cx: &mut Context,
        id: PeerId,
        headers: &[Identified<Header>],
    ) -> Option<Result<bool, Goodbye>> {
        let best_before = cx.chain.best_header().id;
        let mut presync = self.peers.get_mut(&id)?.presync.take()?;
        let (new, outcome) = cx.chain.go_on_presync(&mut presync, headers, cx.now.wall);
        self.keep(cx, new, best_before);
        let outcome = match outcome {
            Ok(Presynced::Ask(after)) => {
                self.answered(cx, id);
                self.ask_presync(cx, id, presync, after);
                Ok(false)
            }
            Ok(Presynced::Done(last)) => {
                self.peer_has(cx, id, last);
                self.answered(cx, id);
                self.ask_after(cx, id, &last);
                Ok(true)
            }
            Ok(Presynced::Over) => {
                self.all_received(cx, id);
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
        peer.state = State::Requested(cx.now.monotonic);
        peer.requested_after = Some(after);
        cx.outbox.send(id, &Message::GetHeaders { locator });
    }

    /// Whether headers that do not continue the presync announce a new tip and crossed with the request, so that the
    /// answer is still due. Otherwise the peer has moved to another branch, and the presync ends.
    fn is_announcement(
        &mut self,
        cx: &Context,
        id: PeerId,
        presync: Box<Presync>,
        headers: &[Identified<Header>],
    ) -> bool {
        let known = headers.first().is_none_or(|first| cx.chain.height_of(&first.previous).is_some());
        if let Some(peer) = self.peers.get_mut(&id).filter(|_| !known) {
            peer.presync = Some(presync);
            peer.ask_again = true;
        }
        !known
    }
}
