use super::Node;
use crate::chain::{ChangeSet, Durability};
use crate::effect::Effect;
use crate::event::Event;
use crate::headers;
use crate::peers::{Closing, Direction, Peer, PeerAddress, PeerId, Reach, to_evict};
use crate::units::Monotonic;
use crate::wire::{Goodbye, Hello, MAX_ADDRESSES, Message, PROTOCOL_VERSION};
use core::time::Duration;

/// Whoever was asked for addresses is asked again so much later, and then each time after twice as long.
const ADDRESSES_AGAIN: Duration = Duration::from_secs(10);
/// But not later than after 21 minutes.
const MOST_DOUBLINGS: u32 = 7;

impl Node {
    pub(super) fn connected(&mut self, peer: PeerId, direction: Direction, address: PeerAddress) {
        let inbound = direction == Direction::Inbound;
        let yields = inbound && self.bans.contains(&address, self.cx.now.monotonic);
        let refusal = if inbound { self.refuse_guest(&address, yields) } else { None };
        if direction == Direction::Outbound {
            self.dialer.connected(&address, peer);
        }
        self.peers.insert(peer, Peer { yields, ..Peer::new(peer, direction, address, self.cx.now.monotonic) });
        if let Some(reason) = refusal {
            return self.disconnect(peer, reason);
        }
        let hello = self.hello();
        self.cx.outbox.announce(peer, &Message::Hello(hello));
    }

    /// Why nobody may connect from this address now, if so.
    fn refuse_guest(&mut self, address: &PeerAddress, yields: bool) -> Option<Goodbye> {
        if yields && self.inbound().count() + 1 >= self.cx.config.max_inbound {
            self.cx.counters.guests_banned += 1;
            return Some(Goodbye::Banned);
        }
        if !self.make_room_for(address) {
            self.cx.counters.guests_turned_away += 1;
            return Some(Goodbye::TooManyPeers);
        }
        None
    }

    /// Whether another peer may connect from this address, maybe because one is left for it.
    fn make_room_for(&mut self, address: &PeerAddress) -> bool {
        // All peers are counted at once, those of one kind one by one.
        if self.peers.len() < self.cx.config.max_inbound || self.inbound().count() < self.cx.config.max_inbound {
            return true;
        }
        let evicted = to_evict(self.inbound(), address);
        if let Some(evicted) = evicted {
            self.cx.counters.peers_evicted += 1;
            self.disconnect(evicted, Goodbye::TooManyPeers);
        }
        evicted.is_some()
    }

    fn inbound(&self) -> impl Iterator<Item = &Peer> {
        self.peers.values().filter(|p| p.direction == Direction::Inbound)
    }

    fn hello(&self) -> Hello {
        let tip = self.cx.chain.tip();
        Hello {
            version: PROTOCOL_VERSION,
            network: self.cx.chain.network(),
            nonce: self.cx.nonce,
            tip: tip.id,
            height: tip.height,
            work: tip.work,
            time: self.cx.now.wall,
            user_agent: self.cx.config.user_agent.clone(),
            listen: self.cx.config.listen.clone(),
        }
    }

    pub(super) fn connect_failed(&mut self, address: &PeerAddress, error: String) {
        let now = self.cx.now.monotonic;
        self.dialer.note_problem(address, &error);
        if let Some(at) = self.dialer.failed(address, now, self.cx.rng.u64(..)) {
            self.tell_dial_failed(address.clone(), error, at);
        }
    }

    fn tell_dial_failed(&mut self, address: PeerAddress, error: String, again_at: Monotonic) {
        let retry_ms = u64::try_from(again_at.since(self.cx.now.monotonic).as_millis()).unwrap_or(u64::MAX);
        self.cx.outbox.emit(Event::DialFailed { address, error, retry_ms });
    }

    pub(super) fn disconnected(&mut self, id: PeerId) {
        let closing = self.closing.remove(&id);
        let Some(closing) = closing.or_else(|| self.forget(id, None)) else { return };
        let Closing { direction, address, nonce, reason } = closing;
        if let Some(nonce) = nonce
            && reason != Some(Goodbye::Duplicate)
        {
            self.dialer.number_gone(nonce, self.cx.now.monotonic);
        }
        if direction == Direction::Outbound {
            self.compare_clocks();
            self.outbound_ended(id, address, nonce, reason);
        }
        if nonce.is_some() {
            self.cx.outbox.emit(Event::PeerGone { peer: id, reason });
        }
    }

    /// A connection that this node opened has ended.
    fn outbound_ended(&mut self, id: PeerId, address: PeerAddress, nonce: Option<u64>, reason: Option<Goodbye>) {
        let now = self.cx.now.monotonic;
        if reason == Some(Goodbye::Duplicate)
            && let Some(nonce) = nonce
            && self.ready_peers().any(|p| p.nonce() == Some(nonce))
        {
            return self.found_elsewhere(&address, nonce);
        }
        let again_at = match reason {
            Some(Goodbye::SelfConnection) => None,
            Some(reason) if is_misbehaviour(reason) => self.dialer.penalise(&address, now),
            Some(reason) if is_failure(reason) => self.dialer.rest(&address, now),
            _ => self.dialer.ended(&address, id, now, self.cx.rng.u64(..)),
        };
        let Some(again_at) = again_at else { return };
        let why = reason.map_or_else(|| "the connection was closed".to_owned(), |reason| reason.to_string());
        self.dialer.note_problem(&address, &why);
        if nonce.is_none() {
            self.tell_dial_failed(address, why, again_at);
        }
    }

    /// A dial has found a node that is connected otherwise. Its word about addresses is worth as much as if this node
    /// had opened that connection.
    fn found_elsewhere(&mut self, address: &PeerAddress, nonce: u64) {
        self.dialer.is_elsewhere(address, nonce);
        let listens =
            |p: &&Peer| p.hello.as_ref().is_some_and(|h| h.nonce == nonce && h.listen.as_ref() == Some(address));
        let there: Vec<PeerId> = self.ready_peers().filter(listens).map(|p| p.id).collect();
        for id in there {
            if self.peers.get(&id).is_some_and(|p| p.addresses_asked.0 == 0) {
                self.ask_addresses(id);
            }
        }
    }

    /// Says goodbye and closes.
    pub(super) fn disconnect(&mut self, id: PeerId, reason: Goodbye) {
        let Some(peer) = self.peers.get(&id) else { return };
        if peer.direction == Direction::Inbound && reason.is_dishonest() {
            self.bans.offence(&peer.address, self.cx.now.monotonic);
        }
        self.cx.outbox.send(id, &Message::Goodbye(reason));
        self.close(id, reason);
    }

    /// Has the driver close a connection.
    fn close(&mut self, id: PeerId, reason: Goodbye) {
        let Some(closing) = self.forget(id, Some(reason)) else { return };
        self.closing.insert(id, closing);
        self.cx.outbox.push(Effect::Disconnect { peer: id, reason });
    }

    /// Forgets a peer: nothing is sent to it, asked of it or expected of it from now on.
    fn forget(&mut self, id: PeerId, reason: Option<Goodbye>) -> Option<Closing> {
        let peer = self.peers.remove(&id)?;
        self.headers.leave(id);
        self.blocks.leave(id);
        self.payments.leave(&mut self.cx, id);
        Some(peer.closing(reason))
    }

    /// Takes one frame (rules W1 to W10).
    pub(super) fn received(&mut self, id: PeerId, bytes: &[u8]) {
        let now = self.cx.now.monotonic;
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.last_received = now;
        let Ok(message) = Message::decode(bytes) else { return self.disconnect(id, Goodbye::BadMessage) };
        if !peer.budget.spend(message.kind(), now) {
            return self.disconnect(id, Goodbye::TooManyMessages);
        }
        let first = peer.hello.is_none();
        match message {
            Message::Hello(hello) if first => self.greeted(id, hello),
            Message::Goodbye(reason) => self.peer_leaves(id, reason),
            _ if first => self.disconnect(id, Goodbye::UnexpectedMessage),
            message => self.dispatch(id, message, now),
        }
    }

    /// A message of this kind turns out to cost the peer nothing (rule W3).
    pub(super) fn costs_nothing(&mut self, id: PeerId, kind: usize) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.budget.give_back(kind);
        }
    }

    fn dispatch(&mut self, id: PeerId, message: Message, now: Monotonic) {
        match message {
            Message::GetHeaders { locator } => headers::answer(&mut self.cx, id, &locator),
            Message::Headers(headers) => self.headers_received(id, &headers),
            Message::Inv(ids) => self.payments_told(id, &ids),
            Message::GetPayments(ids) => self.payments.wanted(&mut self.cx, id, &ids),
            Message::Payment(payment) => self.payment_received(id, payment),
            Message::GetBlocks(ids) => self.blocks_wanted(id, &ids),
            Message::Block(block) => self.block_received(id, *block),
            Message::NotFound { blocks, payments } => self.not_found(id, &blocks, &payments),
            Message::GetAddresses => self.addresses_wanted(id),
            Message::Addresses(addresses) => self.addresses_told(id, addresses),
            Message::Ping(nonce) => self.cx.outbox.send(id, &Message::Pong(nonce)),
            Message::Pong(nonce) => self.ponged(id, nonce, now),
            Message::GetCompactBlock(block) => self.compact_block_wanted(id, block),
            Message::CompactBlock(compact) => self.compact_block_received(id, *compact),
            Message::GetBlockPayments { block, places } => self.block_payments_wanted(id, block, &places),
            Message::BlockPayments { block, payments } => self.block_payments_received(id, block, payments),
            Message::Payments(payments) => self.payments_received(id, payments),
            Message::Hello(_) | Message::Goodbye(_) => self.disconnect(id, Goodbye::UnexpectedMessage),
        }
    }

    /// Completes the handshake (rule W2).
    fn greeted(&mut self, id: PeerId, hello: Hello) {
        if let Some(reason) = self.refusal(id, &hello) {
            return self.disconnect(id, reason);
        }
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let (direction, address) = (peer.direction, peer.address.clone());
        let (user_agent, height) = (hello.user_agent.clone(), hello.height);
        let (tip, work, listen) = (hello.tip, hello.work, hello.listen.clone());
        (peer.hello, peer.greeted_at) = (Some(hello), self.cx.now.monotonic);
        let (since, is_leaf) = (peer.since, peer.is_leaf());
        self.headers.join(id, height);
        self.blocks.join(id, since);
        self.payments.join(id, since, is_leaf);
        self.close_doubles(id);
        self.cx.outbox.emit(Event::PeerReady { peer: id, direction, address: address.clone(), user_agent, height });
        match (direction, listen) {
            (Direction::Outbound, _) => {
                self.compare_clocks();
                self.address_reached(id, &address);
            }
            // Others are told of it when a dial has shown that it is true.
            (Direction::Inbound, Some(listen)) if is_there(&address, &listen) => self.heard_of(listen),
            (Direction::Inbound, _) => {}
        }
        if self.headers.greeted(&mut self.cx, id, tip, work) {
            self.has_told_headers(id);
        }
        self.payments.offer_mempool(&mut self.cx, id);
    }

    /// A handshake at an address that this node dialled is complete.
    fn address_reached(&mut self, id: PeerId, address: &PeerAddress) {
        if self.dialer.reached(address) {
            let addresses = Some(self.dialer.proven().cloned().collect());
            self.cx.outbox.store(ChangeSet { addresses, ..ChangeSet::default() }, Durability::Eventual);
        }
        self.ask_addresses(id);
    }

    fn ask_addresses(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.owes_addresses = true;
        peer.addresses_asked = (peer.addresses_asked.0 + 1, self.cx.now.monotonic);
        self.cx.outbox.send(id, &Message::GetAddresses);
    }

    /// Asks those whom this node dialled for addresses again, ever more rarely, as long as it has free
    /// places: others may have come since.
    pub(super) fn ask_addresses_again(&mut self) {
        if !self.dialer.has_free_places() {
            return;
        }
        let now = self.cx.now.monotonic;
        let due = |peer: &&Peer| {
            let (times, last) = peer.addresses_asked;
            let pause = ADDRESSES_AGAIN * (1 << times.saturating_sub(1).min(MOST_DOUBLINGS));
            times > 0 && !peer.owes_addresses && now.since(last) >= pause
        };
        let due: Vec<PeerId> = self.ready_peers().filter(due).map(|peer| peer.id).collect();
        due.into_iter().for_each(|id| self.ask_addresses(id));
    }

    /// Why a handshake fails, if it does.
    fn refusal(&mut self, id: PeerId, hello: &Hello) -> Option<Goodbye> {
        let peer = self.peers.get(&id)?;
        if hello.network != self.cx.chain.network() {
            return Some(Goodbye::WrongNetwork);
        }
        if hello.version != PROTOCOL_VERSION {
            return Some(Goodbye::WrongVersion);
        }
        if hello.nonce == self.cx.nonce {
            if peer.direction == Direction::Outbound {
                self.note_own_address(peer.address.clone());
            }
            return Some(Goodbye::SelfConnection);
        }
        let listen = hello.listen.as_ref();
        self.is_double(peer.direction, &peer.address, hello.nonce, listen).then_some(Goodbye::Duplicate)
    }

    /// Whether a peer that told this number is connected otherwise for sure (rule W2). That another tells the same
    /// number proves nothing, for numbers are no secret; but where the peer itself says that it listens, this node has
    /// found who tells it. Of two connections, one opened by each side, the node of the lower number closes the other's.
    fn is_double(&self, opened: Direction, address: &PeerAddress, nonce: u64, listen: Option<&PeerAddress>) -> bool {
        let may_be_closed = match opened {
            Direction::Inbound => self.cx.nonce < nonce,
            Direction::Outbound => listen != Some(address) && !self.dialer.is_configured(address),
        };
        let at_listen = |p: &Peer| p.direction == Direction::Outbound && Some(&p.address) == listen;
        may_be_closed && self.ready_peers().any(|p| p.nonce() == Some(nonce) && at_listen(p))
    }

    /// Closes connections of which a new one shows that they lead to the same node.
    fn close_doubles(&mut self, new: PeerId) {
        let nonce = self.peers.get(&new).and_then(Peer::nonce);
        let same = self.ready_peers().filter(|p| p.nonce() == nonce);
        let doubles = same.filter(|p| {
            let hello = p.hello.as_ref();
            hello.is_some_and(|hello| self.is_double(p.direction, &p.address, hello.nonce, hello.listen.as_ref()))
        });
        let doubles: Vec<PeerId> = doubles.map(|p| p.id).collect();
        for double in doubles {
            self.disconnect(double, Goodbye::Duplicate);
        }
    }

    /// The peer has said goodbye.
    fn peer_leaves(&mut self, id: PeerId, reason: Goodbye) {
        let Some(peer) = self.peers.get(&id) else { return };
        if reason == Goodbye::SelfConnection && peer.direction == Direction::Outbound {
            self.note_own_address(peer.address.clone());
        }
        self.close(id, reason);
    }

    /// An address that was dialled leads back to this node.
    fn note_own_address(&mut self, address: PeerAddress) {
        self.dialer.is_own(&address);
        if self.dialer.is_configured(&address) {
            let only = !self.dialer.has_neighbours();
            self.cx.outbox.emit(Event::OwnAddress { address, only });
        }
    }

    /// Tells where other nodes accept connections: where a dial has found them, and as far as the asker may reach
    /// them (rule W7).
    fn addresses_wanted(&mut self, id: PeerId) {
        let reach = self.reach_of(id);
        let proven = self.dialer.proven().filter(|address| address.reach().is_some_and(|r| r >= reach));
        let mut addresses: Vec<PeerAddress> = proven.cloned().collect();
        self.cx.rng.shuffle(&mut addresses);
        addresses.truncate(MAX_ADDRESSES);
        self.cx.outbox.send(id, &Message::Addresses(addresses));
    }

    /// From how far away a peer comes.
    fn reach_of(&self, id: PeerId) -> Reach {
        self.peers.get(&id).and_then(|p| p.address.reach()).unwrap_or(Reach::World)
    }

    /// Takes the answer to `GetAddresses` (rule W7). Only who has been asked may tell, and once each
    /// time: a flood of addresses at which nobody is would keep this node from those of others.
    fn addresses_told(&mut self, id: PeerId, addresses: Vec<PeerAddress>) {
        let asked = self.peers.get_mut(&id).is_some_and(|p| core::mem::take(&mut p.owes_addresses));
        if !asked {
            return self.disconnect(id, Goodbye::UnexpectedMessage);
        }
        self.hear_addresses(addresses, self.reach_of(id));
    }

    /// Remembers addresses at which nodes are said to be. Who comes from far away has nothing to say about this
    /// node's own machine and network.
    pub(super) fn hear_addresses(&mut self, addresses: Vec<PeerAddress>, from: Reach) {
        let reachable = |address: &PeerAddress| address.reach().is_some_and(|reach| reach >= from);
        for address in addresses.into_iter().take(MAX_ADDRESSES).filter(reachable) {
            self.heard_of(address);
        }
    }

    /// Remembers an address, if this node can dial it and it is another's.
    pub(super) fn heard_of(&mut self, address: PeerAddress) {
        let can_dial = address.is_secure() || !self.cx.config.secure_only;
        if can_dial && self.cx.config.listen.as_ref() != Some(&address) {
            self.dialer.heard(address, self.cx.now.monotonic);
        }
    }

    fn ponged(&mut self, id: PeerId, nonce: u64, now: Monotonic) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if let Some((expected, sent)) = peer.ping
            && expected == nonce
        {
            peer.ping = None;
            peer.ping_ms = u32::try_from(now.since(sent).as_millis()).ok();
        }
    }
}

/// Whether who connects from an address may well listen at the other. Else it is not dialled on its word: it may be
/// anybody's.
fn is_there(from: &PeerAddress, listen: &PeerAddress) -> bool {
    from.ip().is_some_and(|ip| listen.ip() == Some(ip))
}

/// Whether one of the two did not do what it is there for: dialled again at once, it would do no better.
fn is_failure(reason: Goodbye) -> bool {
    matches!(reason, Goodbye::Stalled | Goodbye::Unresponsive | Goodbye::SlowReader | Goodbye::Banned)
}

/// Whether dialling that address again soon makes no sense.
fn is_misbehaviour(reason: Goodbye) -> bool {
    reason.is_dishonest() || matches!(reason, Goodbye::WrongNetwork | Goodbye::WrongVersion)
}
