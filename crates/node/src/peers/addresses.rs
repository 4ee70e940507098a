use super::{AbsentNeighbour, Peer, PeerAddress, PeerId, Peers, Reach};
use crate::chain::{ChangeSet, Durability};
use crate::context::Context;
use crate::event::Event;
use crate::units::Monotonic;
use crate::wire::{Goodbye, MAX_ADDRESSES, Message};
use core::time::Duration;

/// Interval before a peer is asked for addresses again; it doubles each time.
const ADDRESSES_AGAIN: Duration = Duration::from_secs(10);
/// Maximum number of doublings: the interval ends at 21 minutes.
const MOST_DOUBLINGS: u32 = 7;

impl Peers {
    /// Adds an address to stay connected to. With `needed`, the node must not mine without this neighbour or another
    /// peer (rule M1).
    pub(crate) fn configure(&mut self, address: PeerAddress, needed: bool, now: Monotonic) {
        self.dialer.configure(address.clone(), now);
        if needed {
            self.dialer.need(&address);
        }
    }

    /// Stops dialling an address.
    pub(crate) fn release(&mut self, address: &PeerAddress) {
        self.dialer.release(address);
    }

    /// Dials all configured addresses now.
    pub(crate) fn hurry(&mut self, now: Monotonic) {
        self.dialer.hurry(now);
    }

    /// Whether there is room for another neighbour.
    pub(crate) fn has_room_for_neighbour(&self, address: &PeerAddress) -> bool {
        self.dialer.has_room_for(address)
    }

    /// Whether an address is a neighbour's.
    pub(crate) fn is_neighbour(&self, address: &PeerAddress) -> bool {
        self.dialer.is_configured(address)
    }

    /// The neighbours that are not connected, with the reasons.
    pub(crate) fn absent_neighbours(&self, now: Monotonic) -> Vec<AbsentNeighbour> {
        let is_ready = |peer| self.peers.get(&peer).is_some_and(Peer::is_ready);
        self.dialer.absent(now, is_ready)
    }

    /// Records a complete handshake at a dialled address.
    pub(super) fn address_reached(&mut self, cx: &mut Context, id: PeerId, address: &PeerAddress) {
        if self.dialer.reached(address) {
            let addresses = Some(self.dialer.proven().cloned().collect());
            cx.outbox.store(ChangeSet { addresses, ..ChangeSet::default() }, Durability::Eventual);
        }
        self.ask_addresses(cx, id);
    }

    fn ask_addresses(&mut self, cx: &mut Context, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.owes_addresses = true;
        peer.addresses_requested = (peer.addresses_requested.0 + 1, cx.now.monotonic);
        cx.outbox.send(id, &Message::GetAddresses);
    }

    /// Asks outbound peers for addresses again, at growing intervals, as long as there are free slots: new nodes may
    /// have appeared.
    pub(crate) fn ask_addresses_again(&mut self, cx: &mut Context) {
        if !self.dialer.has_free_places() {
            return;
        }
        let now = cx.now.monotonic;
        let due = |peer: &&Peer| {
            let (times, last) = peer.addresses_requested;
            let pause = ADDRESSES_AGAIN * (1 << times.saturating_sub(1).min(MOST_DOUBLINGS));
            times > 0 && !peer.owes_addresses && now.since(last) >= pause
        };
        let due: Vec<PeerId> = self.ready().filter(due).map(|peer| peer.id).collect();
        due.into_iter().for_each(|id| self.ask_addresses(cx, id));
    }

    /// A dial has reached a node that is already connected otherwise. It is now trusted with addresses as if this node
    /// had opened that connection.
    pub(super) fn found_elsewhere(&mut self, cx: &mut Context, address: &PeerAddress, nonce: u64) {
        self.dialer.is_elsewhere(address, nonce);
        let listens =
            |p: &&Peer| p.hello.as_ref().is_some_and(|h| h.nonce == nonce && h.listen.as_ref() == Some(address));
        let there: Vec<PeerId> = self.ready().filter(listens).map(|p| p.id).collect();
        for id in there {
            if self.peers.get(&id).is_some_and(|p| p.addresses_requested.0 == 0) {
                self.ask_addresses(cx, id);
            }
        }
    }

    /// Records that a dialled address leads back to this node.
    pub(super) fn note_own_address(&mut self, cx: &mut Context, address: PeerAddress) {
        self.dialer.is_own(&address);
        if self.dialer.is_configured(&address) {
            let only = !self.dialer.has_neighbours();
            cx.outbox.emit(Event::OwnAddress { address, only });
        }
    }

    /// Sends addresses of other nodes: those that a dial has reached, and that the receiver can reach (rule W7).
    pub(crate) fn addresses_wanted(&self, cx: &mut Context, id: PeerId) {
        let reach = self.reach_of(id);
        let proven = self.dialer.proven().filter(|address| address.reach().is_some_and(|r| r >= reach));
        let mut addresses: Vec<PeerAddress> = proven.cloned().collect();
        cx.rng.shuffle(&mut addresses);
        addresses.truncate(MAX_ADDRESSES);
        cx.outbox.send(id, &Message::Addresses(addresses));
    }

    /// From how far away a peer connects.
    fn reach_of(&self, id: PeerId) -> Reach {
        self.peers.get(&id).and_then(|p| p.address.reach()).unwrap_or(Reach::World)
    }

    /// Processes an answer to `GetAddresses` (rule W7). A peer may send one answer per request: a flood of addresses
    /// without nodes would displace those of other peers.
    ///
    /// # Errors
    /// The reason to disconnect the peer.
    pub(crate) fn addresses_received(
        &mut self,
        cx: &Context,
        id: PeerId,
        addresses: Vec<PeerAddress>,
    ) -> Result<(), Goodbye> {
        let requested = self.peers.get_mut(&id).is_some_and(|p| core::mem::take(&mut p.owes_addresses));
        if !requested {
            return Err(Goodbye::UnexpectedMessage);
        }
        // Who comes from far away has nothing to say about this node's own machine and network.
        let from = self.reach_of(id);
        let reachable = |address: &PeerAddress| address.reach().is_some_and(|reach| reach >= from);
        for address in addresses.into_iter().take(MAX_ADDRESSES).filter(reachable) {
            self.learn_address(cx, address);
        }
        Ok(())
    }

    /// Remembers an address, if this node can dial it and it is not its own.
    pub(crate) fn learn_address(&mut self, cx: &Context, address: PeerAddress) {
        let can_dial = address.is_secure() || !cx.config.secure_only;
        if can_dial && cx.config.listen.as_ref() != Some(&address) {
            self.dialer.learn(address, cx.now.monotonic);
        }
    }
}
