//! Budgets for messages, and time-outs for silent peers.

use super::{PeerId, Peers};
use crate::context::Context;
use crate::units::Monotonic;
use crate::wire::{Goodbye, Message};
use core::time::Duration;

/// Maximum time for the handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A peer that has sent nothing for this long is pinged. It is below the idle limit of common proxies.
const PING_SILENT: Duration = Duration::from_secs(30);
/// Interval of pings to other peers, to measure the round trip.
const PING_EVERY: Duration = Duration::from_secs(5 * 60);
/// A peer that has sent nothing for this long is disconnected.
const SILENCE: Duration = Duration::from_secs(90);

impl Peers {
    /// Decodes and pays for one frame (rules W1 to W3); `None` if the connection is being closed.
    ///
    /// # Errors
    /// The reason to disconnect the peer.
    pub(crate) fn take_frame(&mut self, now: Monotonic, id: PeerId, bytes: &[u8]) -> Option<Result<Message, Goodbye>> {
        let peer = self.peers.get_mut(&id)?;
        peer.last_received = now;
        let Ok(message) = Message::decode(bytes) else { return Some(Err(Goodbye::BadMessage)) };
        if !peer.budget.spend(message.kind(), now) {
            return Some(Err(Goodbye::TooManyMessages));
        }
        let expected = match message {
            Message::Hello(_) => !peer.is_ready(),
            Message::Goodbye(_) => true,
            _ => peer.is_ready(),
        };
        Some(if expected { Ok(message) } else { Err(Goodbye::UnexpectedMessage) })
    }

    /// Records that a part of a frame has arrived, so the peer is not silent.
    pub(crate) fn receiving(&mut self, id: PeerId, now: Monotonic) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.last_received = now;
        }
    }

    /// Gives back the cost of a message that turns out to be free (rule W3).
    pub(crate) fn give_back(&mut self, id: PeerId, kind: usize) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.budget.give_back(kind);
        }
    }

    /// Charges a peer for unrequested headers; `false` if its budget is spent.
    pub(crate) fn pay_for_headers(&mut self, id: PeerId, headers: usize, now: Monotonic) -> bool {
        self.peers.get_mut(&id).is_some_and(|peer| peer.budget.spend_unrequested_headers(headers, now))
    }

    /// Charges a peer for the payments in one message; `false` if its budget is spent.
    pub(crate) fn pay_for_payments(&mut self, id: PeerId, payments: usize, now: Monotonic) -> bool {
        self.peers.get_mut(&id).is_some_and(|peer| peer.budget.spend_payments(payments, now))
    }

    /// The peers that have exceeded a time-out, with the reasons to disconnect them. `headers_due` says whether a peer
    /// owes headers, and if so whether they are overdue. Until then they may be arriving, with all else behind them.
    pub(crate) fn overdue(
        &self,
        now: Monotonic,
        headers_due: impl Fn(PeerId) -> Option<bool>,
    ) -> Vec<(PeerId, Goodbye)> {
        let mut overdue = Vec::new();
        for peer in self.peers.values() {
            let reason = if !peer.is_ready() {
                (now.since(peer.since) >= HANDSHAKE).then_some(Goodbye::HandshakeTimeout)
            } else {
                match headers_due(peer.id) {
                    Some(overdue) => overdue.then_some(Goodbye::Stalled),
                    None => (now.since(peer.last_received) >= SILENCE).then_some(Goodbye::Unresponsive),
                }
            };
            overdue.extend(reason.map(|reason| (peer.id, reason)));
        }
        overdue
    }

    /// Pings silent peers, and all others now and then.
    pub(crate) fn ping(&mut self, cx: &mut Context) {
        let now = cx.now.monotonic;
        for peer in self.peers.values_mut().filter(|p| p.is_ready() && p.ping.is_none()) {
            let silent = now.since(peer.last_received.max(peer.last_pinged)) >= PING_SILENT;
            if silent || now.since(peer.last_pinged) >= PING_EVERY {
                let nonce = cx.rng.u64(..);
                peer.ping = Some((nonce, now));
                peer.last_pinged = now;
                cx.outbox.send(peer.id, &Message::Ping(nonce));
            }
        }
    }

    /// Records the answer to a ping.
    pub(crate) fn ponged(&mut self, id: PeerId, nonce: u64, now: Monotonic) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if let Some((expected, sent)) = peer.ping
            && expected == nonce
        {
            peer.ping = None;
            peer.ping_ms = u32::try_from(now.since(sent).as_millis()).ok();
        }
    }
}
