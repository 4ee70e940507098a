//! The end of connections and dials.

use super::{Closing, Direction, PeerAddress, PeerId, Peers};
use crate::connection_error::ConnectionError;
use crate::context::Context;
use crate::effect::Effect;
use crate::event::Event;
use crate::units::Monotonic;
use crate::wire::{Goodbye, Message};

impl Peers {
    /// Says goodbye to a peer. Returns whether it is connected.
    pub(crate) fn say_goodbye(&mut self, cx: &mut Context, id: PeerId, reason: Goodbye) -> bool {
        let Some(peer) = self.peers.get(&id) else { return false };
        if peer.direction == Direction::Inbound && reason.is_dishonest() {
            self.bans.offence(&peer.address, cx.now.monotonic);
        }
        cx.outbox.send(id, &Message::Goodbye(reason));
        true
    }

    /// Processes a peer's goodbye.
    pub(crate) fn goodbye_received(&mut self, cx: &mut Context, id: PeerId, reason: Goodbye) {
        let Some(peer) = self.peers.get(&id) else { return };
        if reason == Goodbye::SelfConnection && peer.direction == Direction::Outbound {
            let address = peer.address.clone();
            self.note_own_address(cx, address);
        }
    }

    /// Requests that the driver close a connection. Nothing is sent on it from now on.
    pub(crate) fn close(&mut self, cx: &mut Context, id: PeerId, reason: Goodbye) {
        let Some(peer) = self.peers.remove(&id) else { return };
        self.closing.insert(id, peer.closing(Some(reason)));
        cx.outbox.push(Effect::Disconnect { peer: id, reason });
    }

    /// Records that a connection has ended.
    pub(crate) fn disconnected(&mut self, cx: &mut Context, id: PeerId) {
        let closing = self.closing.remove(&id);
        let Some(closing) = closing.or_else(|| Some(self.peers.remove(&id)?.closing(None))) else { return };
        let Closing { direction, address, nonce, reason } = closing;
        if let Some(nonce) = nonce
            && reason != Some(Goodbye::Duplicate)
        {
            self.dialer.nonce_disconnected(nonce, cx.now.monotonic);
        }
        if direction == Direction::Outbound {
            self.compare_clocks();
            self.outbound_ended(cx, id, address, nonce, reason);
        }
        if nonce.is_some() {
            cx.outbox.emit(Event::PeerGone { peer: id, reason });
        }
    }

    /// Records the end of a connection that this node opened.
    fn outbound_ended(
        &mut self,
        cx: &mut Context,
        id: PeerId,
        address: PeerAddress,
        nonce: Option<u64>,
        reason: Option<Goodbye>,
    ) {
        let now = cx.now.monotonic;
        if reason == Some(Goodbye::Duplicate)
            && let Some(nonce) = nonce
            && self.ready().any(|p| p.nonce() == Some(nonce))
        {
            return self.found_elsewhere(cx, &address, nonce);
        }
        let again_at = match reason {
            Some(Goodbye::SelfConnection) => None,
            Some(reason) if is_misbehaviour(reason) => self.dialer.penalise(&address, now),
            Some(reason) if is_failure(reason) => self.dialer.rest(&address, now),
            _ => self.dialer.ended(&address, id, now, cx.rng.u64(..)),
        };
        let Some(again_at) = again_at else { return };
        let why = reason.map_or(ConnectionError::Closed, ConnectionError::Goodbye);
        self.dialer.note_problem(&address, why.clone());
        if nonce.is_none() {
            report_dial_failed(cx, address, why, again_at);
        }
    }

    pub(crate) fn connect_failed(&mut self, cx: &mut Context, address: &PeerAddress, error: ConnectionError) {
        let now = cx.now.monotonic;
        self.dialer.note_problem(address, error.clone());
        if let Some(at) = self.dialer.failed(address, now, cx.rng.u64(..)) {
            report_dial_failed(cx, address.clone(), error, at);
        }
    }
}

fn report_dial_failed(cx: &mut Context, address: PeerAddress, error: ConnectionError, again_at: Monotonic) {
    let retry_ms = u64::try_from(again_at.since(cx.now.monotonic).as_millis()).unwrap_or(u64::MAX);
    cx.outbox.emit(Event::DialFailed { address, error, retry_ms });
}

/// Whether a peer failed to do its part, so that dialling it again at once would not help.
fn is_failure(reason: Goodbye) -> bool {
    matches!(reason, Goodbye::Stalled | Goodbye::Unresponsive | Goodbye::SlowReader | Goodbye::Banned)
}

/// Whether dialling the address again soon makes no sense.
fn is_misbehaviour(reason: Goodbye) -> bool {
    reason.is_dishonest() || matches!(reason, Goodbye::WrongNetwork | Goodbye::WrongVersion)
}
