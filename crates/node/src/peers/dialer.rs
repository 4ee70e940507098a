use super::{AbsentNeighbour, PeerAddress, PeerId};
use crate::connection_error::ConnectionError;
use crate::units::Monotonic;
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

/// Maximum number of neighbours: configured addresses, which are dialled indefinitely.
pub const MAX_NEIGHBOURS: usize = 64;

/// The known addresses, and when to dial them.
///
/// Configured addresses are dialled indefinitely, with a back-off; others fill the free outbound slots. Bound:
/// [`Dialer::MAX_ADDRESSES`]; when full, an address that was never reached is dropped.
pub(super) struct Dialer {
    entries: BTreeMap<PeerAddress, Entry>,
    /// Addresses that lead back to this node.
    own: BTreeSet<PeerAddress>,
    target_outbound: usize,
    /// Whether `due` is out of date.
    changed: bool,
    /// When [`Dialer::take_due`] next returns something.
    due: Option<Monotonic>,
}

#[derive(Clone, Debug)]
struct Entry {
    configured: bool,
    /// Whether the node must not mine alone because of this neighbour (rule M1): one configured at the start, or one
    /// that has sent its headers since.
    needed: bool,
    /// Whether a handshake ever succeeded.
    reached: bool,
    failures: u32,
    /// Why the last dial or connection ended.
    problem: Option<ConnectionError>,
    state: State,
}

impl Entry {
    fn new(configured: bool, now: Monotonic) -> Self {
        let state = State::Waiting(now);
        Self { configured, needed: false, reached: false, failures: 0, problem: None, state }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not dialled before this time.
    Waiting(Monotonic),
    Dialling,
    Connected(PeerId),
    /// The node with this number is connected otherwise: not dialled while that connection is open.
    Elsewhere(u64),
    /// Leads back to this node: never dialled again.
    Own,
}

impl Dialer {
    const MAX_ADDRESSES: usize = 1_000;
    const FIRST_RETRY: Duration = Duration::from_secs(1);
    /// Maximum back-off of configured addresses: a relay that returns is found within this time.
    const MAX_RETRY: Duration = Duration::from_secs(15);
    /// Time for which a misbehaving peer is not dialled.
    const PENALTY: Duration = Duration::from_secs(10 * 60);
    /// Time for which a peer that did not keep up is not dialled.
    const REST: Duration = Duration::from_secs(30);
    /// Other addresses are forgotten after this many consecutive failures.
    const FORGET_AFTER: u32 = 10;
    /// Maximum number of own addresses to remember.
    const MAX_OWN: usize = 16;
    /// Maximum length of a failure's reason in characters.
    const MAX_PROBLEM: usize = 300;

    pub(super) fn new(target_outbound: usize) -> Self {
        Self { entries: BTreeMap::new(), own: BTreeSet::new(), target_outbound, changed: false, due: None }
    }

    /// Stays connected to this address from now on.
    pub(super) fn configure(&mut self, address: PeerAddress, now: Monotonic) {
        self.changed = true;
        let mut new = Entry::new(true, now);
        if self.own.contains(&address) {
            new.state = State::Own;
        }
        self.entries.entry(address).or_insert(new).configured = true;
    }

    /// Whether there is room for another neighbour.
    pub(super) fn has_room_for(&self, address: &PeerAddress) -> bool {
        self.is_configured(address) || self.entries.values().filter(|e| e.configured).count() < MAX_NEIGHBOURS
    }

    /// Stops dialling this address. An open connection stays open.
    pub(super) fn release(&mut self, address: &PeerAddress) {
        self.changed = true;
        let Some(entry) = self.entries.get_mut(address) else { return };
        (entry.configured, entry.needed) = (false, false);
        if !entry.reached || entry.state == State::Own {
            self.entries.remove(address);
        }
    }

    /// Records that the node must not mine alone because of this neighbour (rule M1).
    pub(super) fn need(&mut self, address: &PeerAddress) {
        if let Some(entry) = self.entries.get_mut(address) {
            entry.needed = entry.configured;
        }
    }

    pub(super) fn is_configured(&self, address: &PeerAddress) -> bool {
        self.entries.get(address).is_some_and(|entry| entry.configured)
    }

    /// Whether there are neighbours without which the node must not mine (rule M1).
    pub(super) fn has_needed(&self) -> bool {
        self.entries.values().any(|e| e.needed && e.state != State::Own)
    }

    /// Whether any configured address is not this node's own.
    pub(super) fn has_neighbours(&self) -> bool {
        self.entries.values().any(|e| e.configured && e.state != State::Own)
    }

    /// The configured addresses without a connection; `is_ready` says whether a peer has completed its handshake.
    pub(super) fn absent(&self, now: Monotonic, is_ready: impl Fn(PeerId) -> bool) -> Vec<AbsentNeighbour> {
        let configured = self.entries.iter().filter(|(_, e)| e.configured);
        let absent = configured.filter(|(_, e)| match e.state {
            State::Connected(peer) => !is_ready(peer),
            State::Elsewhere(_) => false,
            State::Waiting(_) | State::Dialling | State::Own => true,
        });
        let info = |(address, e): (&PeerAddress, &Entry)| AbsentNeighbour {
            address: address.clone(),
            problem: e.problem.clone(),
            failures: e.failures,
            retry_ms: match e.state {
                State::Waiting(at) => Some(u64::try_from(at.since(now).as_millis()).unwrap_or(u64::MAX)),
                State::Dialling | State::Connected(_) | State::Elsewhere(_) | State::Own => None,
            },
        };
        absent.map(info).collect()
    }

    /// Notes why a dial or connection ended.
    pub(super) fn note_problem(&mut self, address: &PeerAddress, problem: ConnectionError) {
        let Some(entry) = self.entries.get_mut(address).filter(|e| e.configured) else { return };
        entry.problem = Some(match problem {
            ConnectionError::System(words) => ConnectionError::System(words.chars().take(Self::MAX_PROBLEM).collect()),
            other => other,
        });
    }

    /// Remembers an address from another node.
    pub(super) fn learn(&mut self, address: PeerAddress, now: Monotonic) {
        if self.own.contains(&address) || self.entries.contains_key(&address) {
            return;
        }
        if self.entries.len() >= Self::MAX_ADDRESSES {
            let weakest = |e: &Entry| !e.configured && !e.reached && matches!(e.state, State::Waiting(_));
            let Some(room) = self.entries.iter().find(|(_, e)| weakest(e)).map(|(a, _)| a.clone()) else { return };
            self.entries.remove(&room);
        }
        self.changed = true;
        self.entries.insert(address, Entry::new(false, now));
    }

    /// Takes the addresses to dial now. `jitter` is a random number.
    pub(super) fn take_due(&mut self, now: Monotonic, jitter: u64) -> Vec<PeerAddress> {
        self.plan();
        if self.due.is_none_or(|at| at > now) {
            return Vec::new();
        }
        let due = |e: &Entry| matches!(e.state, State::Waiting(at) if at <= now);
        let mut chosen: Vec<PeerAddress> =
            self.entries.iter().filter(|(_, e)| e.configured && due(e)).map(|(a, _)| a.clone()).collect();
        let free = self.target_outbound.saturating_sub(self.busy() + chosen.len());
        let mut learn: Vec<(&PeerAddress, &Entry)> =
            self.entries.iter().filter(|(_, e)| !e.configured && due(e)).collect();
        if !learn.is_empty() {
            let start = usize::try_from(jitter).unwrap_or(0) % learn.len();
            learn.rotate_left(start);
            // Every other time, prefer addresses that were reached before: a peer that sends hundreds of addresses
            // without nodes cannot keep the node from the others.
            if jitter.count_ones().is_multiple_of(2) {
                learn.sort_by_key(|(_, e)| !e.reached);
            }
        }
        chosen.extend(learn.into_iter().take(free).map(|(address, _)| address.clone()));
        for address in &chosen {
            self.set_state(address, State::Dialling);
        }
        self.plan();
        chosen
    }

    /// When [`Dialer::take_due`] next returns something.
    pub(super) fn next_due(&self) -> Option<Monotonic> {
        if self.changed { self.find_due() } else { self.due }
    }

    fn plan(&mut self) {
        if core::mem::take(&mut self.changed) {
            self.due = self.find_due();
        }
    }

    fn find_due(&self) -> Option<Monotonic> {
        let full = self.busy() >= self.target_outbound;
        let waiting = self.entries.values().filter(|e| e.configured || !full);
        waiting.filter_map(|e| if let State::Waiting(at) = e.state { Some(at) } else { None }).min()
    }

    /// Number of outbound slots in use.
    fn busy(&self) -> usize {
        self.entries.values().filter(|e| matches!(e.state, State::Dialling | State::Connected(_))).count()
    }

    /// Whether further addresses would be useful.
    pub(super) fn has_free_places(&self) -> bool {
        self.busy() < self.target_outbound
    }

    fn set_state(&mut self, address: &PeerAddress, state: State) {
        if let Some(entry) = self.entries.get_mut(address).filter(|e| e.state != State::Own) {
            entry.state = state;
            self.changed = true;
        }
    }

    pub(super) fn connected(&mut self, address: &PeerAddress, peer: PeerId) {
        self.set_state(address, State::Connected(peer));
    }

    /// Records a successful handshake. Returns whether the address is newly proven, and so worth storing.
    pub(super) fn reached(&mut self, address: &PeerAddress) -> bool {
        match self.entries.get_mut(address) {
            Some(entry) => {
                (entry.failures, entry.problem) = (0, None);
                !core::mem::replace(&mut entry.reached, true)
            }
            None => false,
        }
    }

    /// Records that the node at this address, with this number, is connected otherwise.
    pub(super) fn is_elsewhere(&mut self, address: &PeerAddress, nonce: u64) {
        self.set_state(address, State::Elsewhere(nonce));
    }

    /// Records that a connection to the node with this number has ended, so that its address may be dialled.
    pub(super) fn nonce_disconnected(&mut self, nonce: u64, now: Monotonic) {
        for entry in self.entries.values_mut().filter(|e| e.state == State::Elsewhere(nonce)) {
            entry.state = State::Waiting(now.after(Self::FIRST_RETRY));
            self.changed = true;
        }
    }

    /// Records a failed dial or an ended connection. Returns when the address is dialled again.
    pub(super) fn failed(&mut self, address: &PeerAddress, now: Monotonic, jitter: u64) -> Option<Monotonic> {
        let entry = self.entries.get_mut(address)?;
        self.changed = true;
        if !entry.configured && entry.failures >= Self::FORGET_AFTER {
            self.entries.remove(address);
            return None;
        }
        let doubled = Self::FIRST_RETRY.saturating_mul(1 << entry.failures.min(Self::FORGET_AFTER));
        let delay = if entry.configured { doubled.min(Self::MAX_RETRY) } else { doubled };
        // Plus or minus a quarter, so that the tabs of a class do not all return at once.
        let percent = 75 + u32::try_from(jitter % 51).unwrap_or(0);
        let at = now.after(delay * percent / 100);
        entry.failures += 1;
        entry.state = State::Waiting(at);
        Some(at)
    }

    /// Records the end of a connection to this address. Returns when it is dialled again; the back-off is that of a
    /// failure.
    pub(super) fn ended(
        &mut self,
        address: &PeerAddress,
        peer: PeerId,
        now: Monotonic,
        jitter: u64,
    ) -> Option<Monotonic> {
        let is_this = self.entries.get(address).is_some_and(|e| e.state == State::Connected(peer));
        if is_this { self.failed(address, now, jitter) } else { None }
    }

    /// Does not dial a misbehaving peer for a while. Returns when it is dialled again.
    pub(super) fn penalise(&mut self, address: &PeerAddress, now: Monotonic) -> Option<Monotonic> {
        self.leave_alone(address, now.after(Self::PENALTY))
    }

    /// Does not dial a peer that did not keep up for a short while. Returns when it is dialled again.
    pub(super) fn rest(&mut self, address: &PeerAddress, now: Monotonic) -> Option<Monotonic> {
        self.leave_alone(address, now.after(Self::REST))
    }

    fn leave_alone(&mut self, address: &PeerAddress, until: Monotonic) -> Option<Monotonic> {
        self.entries.get_mut(address)?.failures += 1;
        self.set_state(address, State::Waiting(until));
        Some(until)
    }

    /// Records that the address leads back to this node, so that it is never dialled again. A configured one stays
    /// listed.
    pub(super) fn is_own(&mut self, address: &PeerAddress) {
        self.changed = true;
        if self.is_configured(address) {
            self.note_problem(address, ConnectionError::OwnAddress);
            self.set_state(address, State::Own);
        } else {
            self.entries.remove(address);
        }
        if self.own.len() < Self::MAX_OWN {
            self.own.insert(address.clone());
        }
    }

    /// Dials all configured addresses at once: the machine is online again.
    pub(super) fn hurry(&mut self, now: Monotonic) {
        self.changed = true;
        for entry in self.entries.values_mut().filter(|e| e.configured) {
            if matches!(entry.state, State::Waiting(_)) {
                entry.state = State::Waiting(now);
                entry.failures = 0;
            }
        }
    }

    /// Addresses worth sharing and storing: those with a successful handshake.
    pub(super) fn proven(&self) -> impl Iterator<Item = &PeerAddress> {
        self.entries.iter().filter(|(_, e)| e.reached).map(|(a, _)| a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: usize) -> PeerAddress {
        format!("10.0.{}.{}:5000", n / 250, n % 250).parse().unwrap()
    }

    #[test]
    fn configured_peers_are_dialled_indefinitely_with_a_back_off() {
        let mut dialer = Dialer::new(8);
        dialer.configure(address(1), Monotonic(0));
        let mut now = Monotonic(0);
        let mut delays = Vec::new();
        for _ in 0..30 {
            assert_eq!(dialer.take_due(now, 0), [address(1)]);
            assert!(dialer.take_due(now, 0).is_empty());
            let next = dialer.failed(&address(1), now, 25).unwrap();
            delays.push(next.since(now).as_millis());
            now = next;
        }
        assert_eq!(delays[..6], [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
        dialer.failed(&address(1), now, 25);
        dialer.hurry(now);
        assert_eq!(dialer.take_due(now, 0), [address(1)]);
    }

    #[test]
    fn neighbours_are_limited_and_a_removed_one_makes_room() {
        let mut dialer = Dialer::new(8);
        for n in 0..10 * MAX_NEIGHBOURS {
            assert_eq!(dialer.has_room_for(&address(n)), n < MAX_NEIGHBOURS);
            if dialer.has_room_for(&address(n)) {
                dialer.configure(address(n), Monotonic(0));
            }
        }
        assert!(dialer.has_room_for(&address(0)), "it is already a neighbour");
        dialer.release(&address(0));
        assert!(dialer.has_room_for(&address(MAX_NEIGHBOURS)) && dialer.entries.len() == MAX_NEIGHBOURS - 1);
    }

    #[test]
    fn a_long_reason_is_cut() {
        let mut dialer = Dialer::new(8);
        dialer.configure(address(1), Monotonic(0));
        for length in [Dialer::MAX_PROBLEM, Dialer::MAX_PROBLEM + 1, 10 * Dialer::MAX_PROBLEM] {
            let words = |length| ConnectionError::System("ä".repeat(length));
            dialer.note_problem(&address(1), words(length));
            let problem = dialer.absent(Monotonic(0), |_| false).remove(0).problem;
            assert_eq!(problem, Some(words(Dialer::MAX_PROBLEM)));
        }
    }

    #[test]
    fn other_addresses_fill_free_slots_and_are_limited() {
        let mut dialer = Dialer::new(3);
        dialer.configure(address(0), Monotonic(0));
        for n in 1..2_000 {
            dialer.learn(address(n), Monotonic(0));
        }
        assert_eq!(dialer.entries.len(), Dialer::MAX_ADDRESSES);
        let due = dialer.take_due(Monotonic(0), 5);
        assert_eq!(due.len(), 3);
        assert!(due.contains(&address(0)));
        assert!(dialer.take_due(Monotonic(0), 6).is_empty());
        let learn = due.iter().find(|a| **a != address(0)).unwrap();
        assert!(dialer.reached(learn) && !dialer.reached(learn));
        assert_eq!(dialer.proven().collect::<Vec<_>>(), [learn]);
    }

    #[test]
    fn a_node_connected_otherwise_is_not_dialled_and_takes_no_outbound_slot() {
        let mut dialer = Dialer::new(1);
        dialer.configure(address(1), Monotonic(0));
        assert_eq!(dialer.take_due(Monotonic(0), 0), [address(1)]);
        dialer.connected(&address(1), PeerId(9));
        dialer.is_elsewhere(&address(1), 7);
        dialer.ended(&address(1), PeerId(9), Monotonic(0), 0);
        assert_eq!(dialer.next_due(), None);
        dialer.learn(address(3), Monotonic(5));
        assert_eq!(dialer.take_due(Monotonic(5), 0), [address(3)]);
        dialer.nonce_disconnected(8, Monotonic(10));
        assert_eq!(dialer.next_due(), None);
        dialer.nonce_disconnected(7, Monotonic(10));
        assert_eq!(dialer.take_due(Monotonic(1_010), 0), [address(1)]);
    }

    #[test]
    fn dead_addresses_do_not_crowd_out_others() {
        let mut dialer = Dialer::new(1);
        (0..900).for_each(|n| dialer.learn(address(n), Monotonic(0)));
        dialer.reached(&address(500));
        let mut tries = 0;
        while dialer.take_due(Monotonic(0), tries * 7) != [address(500)] {
            tries += 1;
            let dialled: Vec<_> = dialer.entries.iter().filter(|(_, e)| e.state == State::Dialling).collect();
            let dialled = dialled[0].0.clone();
            dialer.failed(&dialled, Monotonic(0), 0);
        }
        assert!(tries < 10, "{tries}");
    }

    #[test]
    fn own_addresses_and_misbehaving_peers_are_not_dialled() {
        let mut dialer = Dialer::new(8);
        dialer.configure(address(1), Monotonic(0));
        dialer.learn(address(2), Monotonic(0));
        dialer.take_due(Monotonic(0), 0);
        dialer.is_own(&address(2));
        dialer.learn(address(2), Monotonic(0));
        dialer.penalise(&address(1), Monotonic(0));
        assert!(dialer.take_due(Monotonic(0).after(Duration::from_secs(500)), 0).is_empty());
        assert_eq!(dialer.take_due(Monotonic(0).after(Duration::from_secs(600)), 0), [address(1)]);
        dialer.rest(&address(1), Monotonic(600_000));
        assert!(dialer.take_due(Monotonic(629_000), 0).is_empty());
        assert_eq!(dialer.take_due(Monotonic(630_000), 0), [address(1)]);
    }
}
