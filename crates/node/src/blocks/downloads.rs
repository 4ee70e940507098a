use crate::peer_id::PeerId;
use crate::primitives::BlockId;
use crate::units::Monotonic;
use crate::wire::MAX_BLOCKS_REQUESTED;
use core::time::Duration;
use std::collections::BTreeMap;

/// Blocks that have been requested and have not arrived.
///
/// Bound: [`MAX_BLOCKS_REQUESTED`] per peer, and [`Downloads::WINDOW`] in all.
pub(super) struct Downloads {
    in_flight: BTreeMap<BlockId, Request>,
    /// Time after which a block near the tip is requested from another peer.
    hurry: Duration,
}

/// The latest request for a block.
#[derive(Clone, Debug)]
struct Request {
    peer: PeerId,
    at: Monotonic,
    /// Peers that were asked earlier and have not delivered; each once.
    before: Vec<PeerId>,
}

/// How a requested block arrived.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Delivery {
    /// Whether the peer that sent it is the one it was requested from last.
    pub(super) owed: bool,
    /// Peers that were asked earlier and have not sent it yet.
    pub(super) overtaken: Vec<PeerId>,
}

impl Default for Downloads {
    fn default() -> Self {
        Self { in_flight: BTreeMap::new(), hurry: Self::HURRY }
    }
}

impl Downloads {
    /// Number of blocks above the tip that are downloaded ahead.
    pub(super) const WINDOW: u32 = 256;
    /// The initial wait for a block near the tip.
    const HURRY: Duration = Duration::from_secs(2);
    /// The longest wait. On a slow link, more requests would make it slower.
    const MAX_HURRY: Duration = Duration::from_secs(32);

    pub(super) fn contains(&self, id: &BlockId) -> bool {
        self.in_flight.contains_key(id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.in_flight.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.in_flight.len() >= Self::WINDOW as usize
    }

    pub(super) fn requested(&mut self, id: BlockId, peer: PeerId, at: Monotonic) {
        let mut before = Vec::new();
        if let Some(last) = self.in_flight.remove(&id) {
            before = last.before;
            before.extend((last.peer != peer).then_some(last.peer));
        }
        self.in_flight.insert(id, Request { peer, at, before });
    }

    /// Whether a peer was asked for a block that has not arrived.
    pub(super) fn was_requested(&self, id: &BlockId, peer: PeerId) -> bool {
        self.in_flight.get(id).is_some_and(|request| request.peer == peer || request.before.contains(&peer))
    }

    /// Records that late blocks were requested again. Each time doubles the wait, because repeated requests make a slow
    /// link slower.
    pub(super) fn hurried(&mut self) {
        self.hurry = (self.hurry * 2).min(Self::MAX_HURRY);
    }

    /// Records a block from a peer. Peers that were asked for it before that peer are at fault.
    pub(super) fn delivered(&mut self, id: &BlockId, by: Option<PeerId>, now: Monotonic) -> Delivery {
        let Some(Request { peer, at, before: mut requested }) = self.in_flight.remove(id) else {
            return Delivery::default();
        };
        requested.push(peer);
        let Some(place) = requested.iter().position(|peer| Some(*peer) == by) else { return Delivery::default() };
        if place > 0 || requested.len() == 1 && now.since(at) < self.hurry / 4 {
            self.hurry = (self.hurry / 2).max(Self::HURRY);
        }
        requested.truncate(place);
        Delivery { owed: true, overtaken: requested }
    }

    /// The number of blocks due from each peer; peers without any are absent.
    pub(super) fn owed(&self) -> BTreeMap<PeerId, usize> {
        let mut owed = BTreeMap::new();
        self.in_flight.values().for_each(|request| *owed.entry(request.peer).or_default() += 1);
        owed
    }

    /// The peer from which a block is due.
    pub(super) fn assigned_peer(&self, id: &BlockId) -> Option<PeerId> {
        self.in_flight.get(id).map(|request| request.peer)
    }

    /// Forgets a block that will not arrive.
    pub(super) fn done(&mut self, id: &BlockId) {
        self.in_flight.remove(id);
    }

    /// Forgets what was due from a peer, so that other peers are asked.
    pub(super) fn forget(&mut self, peer: PeerId) {
        self.in_flight.retain(|_, request| request.peer != peer);
    }

    /// The overdue blocks, each with the peer from which it is due.
    pub(super) fn late(&self, now: Monotonic) -> Vec<(BlockId, PeerId)> {
        let late = self.in_flight.iter().filter(|(_, request)| now.since(request.at) >= self.hurry);
        late.map(|(id, request)| (*id, request.peer)).collect()
    }

    /// Divides missing blocks, lowest first, among peers with free capacity. Each block goes to the least loaded peer
    /// that `has` it.
    pub(super) fn assign(
        &mut self,
        missing: &[BlockId],
        places: &mut BTreeMap<PeerId, usize>,
        now: Monotonic,
        has: impl Fn(PeerId, &BlockId) -> bool,
    ) -> BTreeMap<PeerId, Vec<BlockId>> {
        let mut requests: BTreeMap<PeerId, Vec<BlockId>> = BTreeMap::new();
        for id in missing {
            if self.is_full() || self.contains(id) {
                continue;
            }
            let able = places.iter().filter(|(peer, n)| **n < MAX_BLOCKS_REQUESTED && has(**peer, id));
            let Some(peer) = able.min_by_key(|(_, n)| **n).map(|(peer, _)| *peer) else { continue };
            *places.entry(peer).or_default() += 1;
            self.requested(*id, peer, now);
            requests.entry(peer).or_default().push(*id);
        }
        requests
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(n: u8) -> Vec<BlockId> {
        (0..n).map(|i| BlockId([i; 32])).collect()
    }

    #[test]
    fn overtaken_peers_are_at_fault_unless_they_deliver_first() {
        let (mut downloads, id, at) = (Downloads::default(), BlockId([1; 32]), Monotonic);
        let [first, second, third] = [1, 2, 3].map(PeerId);
        let ask = |downloads: &mut Downloads, peers: &[PeerId]| {
            peers.iter().for_each(|peer| downloads.requested(id, *peer, at(0)));
        };
        ask(&mut downloads, &[first, second, second, third]);
        assert!(downloads.was_requested(&id, first) && downloads.assigned_peer(&id) == Some(third));
        assert_eq!(
            downloads.delivered(&id, Some(third), at(0)),
            Delivery { owed: true, overtaken: vec![first, second] }
        );
        ask(&mut downloads, &[first, second, third]);
        assert_eq!(downloads.delivered(&id, Some(second), at(0)), Delivery { owed: true, overtaken: vec![first] });
        ask(&mut downloads, &[first, second]);
        assert_eq!(downloads.delivered(&id, Some(third), at(0)), Delivery::default());
        // The wait doubles with each round, up to its maximum.
        for wait in [2, 4, 8, 16, 32, 32, 32] {
            downloads.requested(id, first, at(0));
            assert_eq!(downloads.late(at(wait * 1_000 - 1)), []);
            assert_eq!(downloads.late(at(wait * 1_000)), [(id, first)]);
            downloads.hurried();
            downloads.requested(id, second, at(0));
            assert_eq!(downloads.delivered(&id, Some(first), at(0)), Delivery { owed: true, overtaken: vec![] });
        }
        for _ in 0..4 {
            ask(&mut downloads, &[first]);
            downloads.delivered(&id, Some(first), at(400));
        }
        ask(&mut downloads, &[first]);
        assert_eq!(downloads.late(at(2_000)).len(), 1);
    }

    #[test]
    fn blocks_are_divided_among_peers_and_limited() {
        let mut downloads = Downloads::default();
        let mut places = BTreeMap::from([(PeerId(1), 0), (PeerId(2), 10)]);
        let requests = downloads.assign(&ids(100), &mut places, Monotonic(0), |_, _| true);
        assert_eq!((requests[&PeerId(1)].len(), requests[&PeerId(2)].len()), (16, 6));
        assert!(downloads.assign(&ids(100), &mut places, Monotonic(0), |_, _| true).is_empty());
        downloads.forget(PeerId(1));
        let mut places = BTreeMap::from([(PeerId(3), 0)]);
        let requests = downloads.assign(&ids(100), &mut places, Monotonic(0), |_, id| id.0[0] % 2 == 0);
        assert!(requests[&PeerId(3)].iter().all(|id| id.0[0] % 2 == 0));
        let owed = requests[&PeerId(3)][0];
        assert_eq!(downloads.assigned_peer(&owed), Some(PeerId(3)));
        downloads.done(&owed);
        assert_eq!(downloads.assigned_peer(&owed), None);
    }
}
