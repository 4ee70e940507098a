use super::{PeerAddress, PeerId};
use crate::units::Monotonic;
use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

/// The addresses the node knows and when it dials them.
///
/// Configured addresses are dialled for ever, with a back-off; others fill the free outbound
/// places. Bound: [`Dialer::MAX_ADDRESSES`]; when full, an address heard of and never reached
/// makes room.
pub(crate) struct Dialer {
    entries: BTreeMap<PeerAddress, Entry>,
    /// Addresses that lead back to this node.
    own: BTreeSet<PeerAddress>,
    target_outbound: usize,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    configured: bool,
    /// Whether a handshake ever succeeded.
    reached: bool,
    failures: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// To be dialled not before this time.
    Waiting(Monotonic),
    Dialling,
    Connected(PeerId),
}

impl Dialer {
    const MAX_ADDRESSES: usize = 1_000;
    const FIRST_RETRY: Duration = Duration::from_secs(1);
    /// Longest back-off of configured addresses: a relay that returns is found within it.
    const MAX_RETRY: Duration = Duration::from_secs(15);
    /// Longest back-off of other addresses.
    const MAX_RETRY_HEARD: Duration = Duration::from_secs(15 * 60);
    /// How long a peer that misbehaved is not dialled.
    const PENALTY: Duration = Duration::from_secs(10 * 60);
    /// Others that fail so often in a row are forgotten.
    const FORGET_AFTER: u32 = 10;
    /// Most addresses kept that lead back to this node.
    const MAX_OWN: usize = 16;

    pub(crate) fn new(target_outbound: usize) -> Self {
        Self { entries: BTreeMap::new(), own: BTreeSet::new(), target_outbound }
    }

    /// Keeps dialling this address from now on.
    pub(crate) fn configure(&mut self, address: PeerAddress, now: Monotonic) {
        let new = Entry { configured: true, reached: false, failures: 0, state: State::Waiting(now) };
        self.entries.entry(address).or_insert(new).configured = true;
    }

    /// Whether there are addresses that should be connected always.
    pub(crate) fn has_configured(&self) -> bool {
        self.entries.values().any(|e| e.configured)
    }

    /// Remembers an address heard of.
    pub(crate) fn heard(&mut self, address: PeerAddress, now: Monotonic) {
        if self.own.contains(&address) || self.entries.contains_key(&address) {
            return;
        }
        if self.entries.len() >= Self::MAX_ADDRESSES {
            let weakest = |e: &Entry| !e.configured && !e.reached && matches!(e.state, State::Waiting(_));
            let Some(room) = self.entries.iter().find(|(_, e)| weakest(e)).map(|(a, _)| a.clone()) else { return };
            self.entries.remove(&room);
        }
        let entry = Entry { configured: false, reached: false, failures: 0, state: State::Waiting(now) };
        self.entries.insert(address, entry);
    }

    /// Takes the addresses to dial now. `jitter` is a random number.
    pub(crate) fn take_due(&mut self, now: Monotonic, jitter: u64) -> Vec<PeerAddress> {
        let due = |e: &Entry| matches!(e.state, State::Waiting(at) if at <= now);
        let busy = self.entries.values().filter(|e| !matches!(e.state, State::Waiting(_))).count();
        let mut chosen: Vec<PeerAddress> =
            self.entries.iter().filter(|(_, e)| e.configured && due(e)).map(|(a, _)| a.clone()).collect();
        let free = self.target_outbound.saturating_sub(busy + chosen.len());
        let mut heard: Vec<&PeerAddress> =
            self.entries.iter().filter(|(_, e)| !e.configured && due(e)).map(|(a, _)| a).collect();
        if !heard.is_empty() {
            let start = usize::try_from(jitter).unwrap_or(0) % heard.len();
            heard.rotate_left(start);
        }
        chosen.extend(heard.into_iter().take(free).cloned());
        for address in &chosen {
            if let Some(entry) = self.entries.get_mut(address) {
                entry.state = State::Dialling;
            }
        }
        chosen
    }

    /// When [`Dialer::take_due`] has something next.
    pub(crate) fn next_due(&self) -> Option<Monotonic> {
        let busy = self.entries.values().filter(|e| !matches!(e.state, State::Waiting(_))).count();
        let full = busy >= self.target_outbound;
        let waiting = self.entries.values().filter(|e| e.configured || !full);
        waiting.filter_map(|e| if let State::Waiting(at) = e.state { Some(at) } else { None }).min()
    }

    pub(crate) fn connected(&mut self, address: &PeerAddress, peer: PeerId) {
        if let Some(entry) = self.entries.get_mut(address) {
            entry.state = State::Connected(peer);
        }
    }

    /// The handshake succeeded; whether the address is newly proven, so that it is worth storing.
    pub(crate) fn reached(&mut self, address: &PeerAddress) -> bool {
        match self.entries.get_mut(address) {
            Some(entry) => {
                entry.failures = 0;
                !core::mem::replace(&mut entry.reached, true)
            }
            None => false,
        }
    }

    /// A dial failed or a connection ended; returns when it is tried again.
    pub(crate) fn failed(&mut self, address: &PeerAddress, now: Monotonic, jitter: u64) -> Option<Monotonic> {
        let entry = self.entries.get_mut(address)?;
        if !entry.configured && entry.failures >= Self::FORGET_AFTER {
            self.entries.remove(address);
            return None;
        }
        let limit = if entry.configured { Self::MAX_RETRY } else { Self::MAX_RETRY_HEARD };
        let delay = Self::FIRST_RETRY.saturating_mul(1 << entry.failures.min(16)).min(limit);
        // A quarter more or less, so that the tabs of a class do not all return at once.
        let percent = 75 + u32::try_from(jitter % 51).unwrap_or(0);
        let at = now.after(delay * percent / 100);
        entry.failures += 1;
        entry.state = State::Waiting(at);
        Some(at)
    }

    /// The peer misbehaved: leave it alone for a while.
    pub(crate) fn penalise(&mut self, address: &PeerAddress, now: Monotonic) {
        if let Some(entry) = self.entries.get_mut(address) {
            entry.failures += 1;
            entry.state = State::Waiting(now.after(Self::PENALTY));
        }
    }

    /// The address leads back to this node: never again.
    pub(crate) fn is_own(&mut self, address: &PeerAddress) {
        self.entries.remove(address);
        if self.own.len() < Self::MAX_OWN {
            self.own.insert(address.clone());
        }
    }

    /// Dials all configured addresses at once: the machine came online.
    pub(crate) fn hurry(&mut self, now: Monotonic) {
        for entry in self.entries.values_mut().filter(|e| e.configured) {
            if matches!(entry.state, State::Waiting(_)) {
                entry.state = State::Waiting(now);
                entry.failures = 0;
            }
        }
    }

    /// Addresses worth telling others, or storing: those where a handshake has succeeded.
    pub(crate) fn proven(&self) -> impl Iterator<Item = &PeerAddress> {
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
    fn configured_peers_are_dialled_for_ever_with_a_back_off() {
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
    fn addresses_heard_fill_free_places_and_are_bounded() {
        let mut dialer = Dialer::new(3);
        dialer.configure(address(0), Monotonic(0));
        for n in 1..2_000 {
            dialer.heard(address(n), Monotonic(0));
        }
        assert_eq!(dialer.entries.len(), Dialer::MAX_ADDRESSES);
        let due = dialer.take_due(Monotonic(0), 5);
        assert_eq!(due.len(), 3);
        assert!(due.contains(&address(0)));
        assert!(dialer.take_due(Monotonic(0), 6).is_empty());
        let heard = due.iter().find(|a| **a != address(0)).unwrap();
        assert!(dialer.reached(heard) && !dialer.reached(heard));
        assert_eq!(dialer.proven().collect::<Vec<_>>(), [heard]);
    }

    #[test]
    fn own_addresses_and_culprits_are_left_alone() {
        let mut dialer = Dialer::new(8);
        dialer.configure(address(1), Monotonic(0));
        dialer.heard(address(2), Monotonic(0));
        dialer.take_due(Monotonic(0), 0);
        dialer.is_own(&address(2));
        dialer.heard(address(2), Monotonic(0));
        dialer.penalise(&address(1), Monotonic(0));
        assert!(dialer.take_due(Monotonic(0).after(Duration::from_secs(500)), 0).is_empty());
        assert_eq!(dialer.take_due(Monotonic(0).after(Duration::from_secs(600)), 0), [address(1)]);
    }
}
