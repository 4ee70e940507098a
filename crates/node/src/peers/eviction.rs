use super::{NetworkGroup, Peer, PeerAddress, PeerId};
use crate::units::Monotonic;
use core::cmp::Reverse;
use std::collections::BTreeMap;

/// For each merit, one in this many of the remaining candidates is protected.
const KEPT: usize = 8;

/// The inbound peer to evict in favour of a newcomer when all slots are taken; `None` to refuse the newcomer.
///
/// A party with many addresses must not be able to take all slots, or to evict peers at other addresses. Peers are
/// protected that answer fast, have recently sent a new payment or block, or belong to the half that has been connected
/// longest: an attacker cannot gain all these merits cheaply. Of the others, the youngest peer in the largest group of
/// neighbouring addresses is evicted, but only if that group stays larger than the newcomer's, so that within one group
/// nobody evicts anybody. Peers of banned hosts (rule W9) are evicted before all others, youngest first.
pub(super) fn to_evict<'a>(inbound: impl Iterator<Item = &'a Peer>, newcomer: &PeerAddress) -> Option<PeerId> {
    let mut candidates: Vec<&Peer> = inbound.collect();
    if let Some(first) = candidates.iter().filter(|peer| peer.yields).max_by_key(|peer| (peer.since, peer.id)) {
        return Some(first.id);
    }
    let mut sizes: BTreeMap<&NetworkGroup, usize> = BTreeMap::new();
    for peer in &candidates {
        *sizes.entry(&peer.group).or_default() += 1;
    }
    let kept = candidates.len() / KEPT;
    keep(&mut candidates, kept, |peer| u64::from(u32::MAX - peer.ping_ms.unwrap_or(u32::MAX)));
    keep(&mut candidates, kept, |peer| lateness(peer.last_new_payment));
    keep(&mut candidates, kept, |peer| lateness(peer.last_new_block));
    let half = candidates.len() / 2;
    keep(&mut candidates, half, |peer| u64::MAX - peer.since.0);
    let size_of = |group: &NetworkGroup| sizes.get(group).copied().unwrap_or_default();
    let evicted = candidates.into_iter().max_by_key(|peer| (size_of(&peer.group), peer.since, peer.id))?;
    (size_of(&evicted.group) > size_of(&newcomer.group()) + 1).then_some(evicted.id)
}

/// Removes the `kept` peers with the greatest merit from the candidates; among equals, the oldest.
fn keep(candidates: &mut Vec<&Peer>, kept: usize, merit: fn(&Peer) -> u64) {
    if kept < candidates.len() {
        candidates.select_nth_unstable_by_key(kept, |peer| (Reverse(merit(peer)), peer.id));
        candidates.drain(..kept);
    }
}

/// How recently something happened: 0 for never, larger for later.
fn lateness(time: Option<Monotonic>) -> u64 {
    time.map_or(0, |time| time.0.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::Direction;

    fn peer(n: u64, address: &str) -> Peer {
        Peer::new(PeerId(n), Direction::Inbound, address.parse().unwrap(), Monotonic(n))
    }

    fn address(text: &str) -> PeerAddress {
        text.parse().unwrap()
    }

    #[test]
    fn the_youngest_of_the_largest_group_is_evicted() {
        let mut peers: Vec<Peer> = (0..20).map(|n| peer(n, &format!("10.1.0.{n}:80"))).collect();
        peers.extend((20..24).map(|n| peer(n, &format!("10.{n}.0.1:80"))));
        assert_eq!(to_evict(peers.iter(), &address("10.9.0.1:80")), Some(PeerId(19)));
        assert_eq!(to_evict(peers.iter(), &address("10.1.7.7:80")), None, "within one group nobody is evicted");
        assert_eq!(to_evict([].into_iter(), &address("10.1.7.7:80")), None);
    }

    #[test]
    fn peers_of_banned_hosts_are_evicted_first() {
        let mut peers: Vec<Peer> = (0..8).map(|n| peer(n, &format!("10.{n}.0.1:80"))).collect();
        assert_eq!(to_evict(peers.iter(), &address("10.3.0.2:80")), None);
        (peers[0].yields, peers[2].yields) = (true, true);
        peers[2].ping_ms = Some(1);
        assert_eq!(to_evict(peers.iter(), &address("10.3.0.2:80")), Some(PeerId(2)));
    }

    #[test]
    fn useful_peers_stay() {
        let mut peers: Vec<Peer> = (0..16).map(|n| peer(n, &format!("10.1.0.{n}:80"))).collect();
        let newcomer = address("10.9.0.1:80");
        assert_eq!(to_evict(peers.iter(), &newcomer), Some(PeerId(15)));
        peers[15].ping_ms = Some(5);
        assert_eq!(to_evict(peers.iter(), &newcomer), Some(PeerId(14)));
        peers[14].last_new_payment = Some(Monotonic(20));
        assert_eq!(to_evict(peers.iter(), &newcomer), Some(PeerId(13)));
        peers[13].last_new_block = Some(Monotonic(20));
        assert_eq!(to_evict(peers.iter(), &newcomer), Some(PeerId(12)));
    }

    #[test]
    fn a_late_crowd_from_one_network_cannot_evict_others() {
        let mut peers: Vec<Peer> = (0..10).map(|n| peer(n, &format!("10.{n}.0.1:80"))).collect();
        for n in 10..1_000 {
            let crowd = peer(n, &format!("66.6.{}.{}:80", n / 250, n % 250));
            if peers.len() < 30 {
                peers.push(crowd);
            } else if let Some(evicted) = to_evict(peers.iter(), &crowd.address) {
                peers.retain(|peer| peer.id != evicted);
                peers.push(crowd);
            }
        }
        assert!((0..10).all(|n| peers.iter().any(|peer| peer.id == PeerId(n))));
    }
}
