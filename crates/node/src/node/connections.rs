//! Connections, and the messages on them.

use super::Node;
use crate::headers;
use crate::peer_id::{Direction, PeerId};
use crate::peers::Slot;
use crate::wire::{Goodbye, Hello, Message, PeerAddress};

impl Node {
    pub(super) fn connected(&mut self, peer: PeerId, direction: Direction, address: PeerAddress) {
        let slot = self.peers.slot_for(&mut self.cx, direction, &address);
        if let Slot::Of(other) = slot {
            self.disconnect(other, Goodbye::TooManyPeers);
        }
        self.peers.connected(&self.cx, peer, direction, address);
        match slot {
            Slot::Free | Slot::Of(_) => self.peers.say_hello(&mut self.cx, peer),
            Slot::Refused(reason) => self.disconnect(peer, reason),
        }
    }

    pub(super) fn disconnected(&mut self, id: PeerId) {
        if self.peers.is_connected(id) {
            self.part(id);
        }
        self.peers.disconnected(&mut self.cx, id);
    }

    /// Says goodbye and closes.
    pub(super) fn disconnect(&mut self, id: PeerId, reason: Goodbye) {
        if self.peers.say_goodbye(&mut self.cx, id, reason) {
            self.close(id, reason);
        }
    }

    /// Requests that the driver close a connection.
    fn close(&mut self, id: PeerId, reason: Goodbye) {
        self.part(id);
        self.peers.close(&mut self.cx, id, reason);
    }

    /// Removes the peer from all machines: nothing is requested or expected from it any more.
    fn part(&mut self, id: PeerId) {
        self.headers.leave(id);
        self.blocks.leave(id);
        self.payments.leave(&mut self.cx, id);
    }

    /// Processes one frame (rules W1 to W10).
    pub(super) fn received(&mut self, id: PeerId, bytes: &[u8]) {
        match self.peers.take_frame(self.cx.now.monotonic, id, bytes) {
            Some(Ok(message)) => self.dispatch(id, message),
            Some(Err(reason)) => self.disconnect(id, reason),
            None => {}
        }
    }

    /// A part of a frame has arrived, so what it may contain is not overdue.
    pub(super) fn receiving(&mut self, id: PeerId) {
        let now = self.cx.now.monotonic;
        self.peers.receiving(id, now);
        self.headers.receiving(id, now);
        self.blocks.receiving(id, now);
    }

    fn dispatch(&mut self, id: PeerId, message: Message) {
        match message {
            Message::Hello(hello) => self.handshake_completed(id, hello),
            Message::Goodbye(reason) => self.peer_leaves(id, reason),
            Message::GetHeaders { locator } => headers::answer(&mut self.cx, id, &locator),
            Message::Headers(headers) => self.headers_received(id, headers),
            Message::Inv(ids) => self.payments_announced(id, &ids),
            Message::GetPayments(ids) => self.payments.wanted(&mut self.cx, id, &ids),
            Message::Payment(payment) => self.payment_received(id, payment),
            Message::Payments(payments) => self.payments_received(id, payments),
            Message::GetBlocks(ids) => self.blocks_wanted(id, &ids),
            Message::Block(block) => self.block_received(id, *block),
            Message::NotFound { blocks, payments } => self.not_found(id, &blocks, &payments),
            Message::GetCompactBlock(block) => self.compact_block_wanted(id, block),
            Message::CompactBlock(compact) => self.compact_block_received(id, *compact),
            Message::GetBlockPayments { block, places } => self.block_payments_wanted(id, block, &places),
            Message::BlockPayments { block, payments } => self.block_payments_received(id, block, payments),
            Message::GetAddresses => self.peers.addresses_wanted(&mut self.cx, id),
            Message::Addresses(addresses) => self.addresses_received(id, addresses),
            Message::Ping(nonce) => self.cx.outbox.send(id, &Message::Pong(nonce)),
            Message::Pong(nonce) => self.peers.ponged(id, nonce, self.cx.now.monotonic),
        }
    }

    /// Completes the handshake (rule W2).
    fn handshake_completed(&mut self, id: PeerId, hello: Hello) {
        let (tip, work, height) = (hello.tip, hello.work, hello.height);
        let joined = match self.peers.handshake_completed(&mut self.cx, id, hello) {
            Ok(joined) => joined,
            Err(reason) => return self.disconnect(id, reason),
        };
        self.headers.join(id, height);
        self.blocks.join(id, joined.since);
        self.payments.join(id, joined.since, joined.is_leaf);
        for double in self.peers.doubles_of(&self.cx, id) {
            self.disconnect(double, Goodbye::Duplicate);
        }
        self.peers.welcome(&mut self.cx, id);
        if self.headers.handshake_completed(&mut self.cx, id, tip, work) {
            self.peers.answered_headers(id);
        }
        self.payments.offer_mempool(&mut self.cx, id);
    }

    /// Processes a peer's goodbye.
    fn peer_leaves(&mut self, id: PeerId, reason: Goodbye) {
        self.peers.goodbye_received(&mut self.cx, id, reason);
        self.close(id, reason);
    }

    fn addresses_received(&mut self, id: PeerId, addresses: Vec<PeerAddress>) {
        if let Err(reason) = self.peers.addresses_received(&self.cx, id, addresses) {
            self.disconnect(id, reason);
        }
    }
}
