use crate::peers::PeerId;
use crate::primitives::BlockId;
use crate::units::Monotonic;
use crate::wire::MAX_BLOCKS_ASKED;
use core::time::Duration;
use std::collections::BTreeMap;

/// Blocks asked for and not come.
///
/// Bound: [`MAX_BLOCKS_ASKED`] a peer, and [`Downloads::WINDOW`] in all.
#[derive(Default)]
pub(crate) struct Downloads {
    in_flight: BTreeMap<BlockId, Asked>,
}

/// Whom a block was asked of last, and when.
#[derive(Clone, Copy, Debug)]
struct Asked {
    peer: PeerId,
    at: Monotonic,
}

impl Downloads {
    /// How many blocks above the tip are fetched ahead.
    pub(crate) const WINDOW: u32 = 256;
    /// A block near the tip that has not come by then is asked of another peer.
    const HURRY: Duration = Duration::from_secs(2);

    pub(crate) fn contains(&self, id: &BlockId) -> bool {
        self.in_flight.contains_key(id)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.in_flight.is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.in_flight.len() >= Self::WINDOW as usize
    }

    pub(crate) fn asked(&mut self, id: BlockId, peer: PeerId, at: Monotonic) {
        self.in_flight.insert(id, Asked { peer, at });
    }

    /// Who owes a block.
    pub(crate) fn debtor(&self, id: &BlockId) -> Option<PeerId> {
        self.in_flight.get(id).map(|asked| asked.peer)
    }

    /// The block came, or will not come.
    pub(crate) fn done(&mut self, id: &BlockId) {
        self.in_flight.remove(id);
    }

    /// Forgets all that a peer owed: others will be asked.
    pub(crate) fn forget(&mut self, peer: PeerId) {
        self.in_flight.retain(|_, asked| asked.peer != peer);
    }

    /// The blocks that have been waited for, and whom they were asked of.
    pub(crate) fn late(&self, now: Monotonic) -> Vec<(BlockId, PeerId)> {
        let late = self.in_flight.iter().filter(|(_, asked)| now.since(asked.at) >= Self::HURRY);
        late.map(|(id, asked)| (*id, asked.peer)).collect()
    }

    /// Divides missing blocks, lowest first, among peers with free places: each block goes to the
    /// peer with the fewest that `has` it.
    pub(crate) fn assign(
        &mut self,
        missing: &[BlockId],
        places: &mut BTreeMap<PeerId, usize>,
        now: Monotonic,
        has: impl Fn(PeerId, &BlockId) -> bool,
    ) -> BTreeMap<PeerId, Vec<BlockId>> {
        let mut asks: BTreeMap<PeerId, Vec<BlockId>> = BTreeMap::new();
        for id in missing {
            if self.is_full() || self.contains(id) {
                continue;
            }
            let able = places.iter().filter(|(peer, n)| **n < MAX_BLOCKS_ASKED && has(**peer, id));
            let Some(peer) = able.min_by_key(|(_, n)| **n).map(|(peer, _)| *peer) else { continue };
            *places.entry(peer).or_default() += 1;
            self.asked(*id, peer, now);
            asks.entry(peer).or_default().push(*id);
        }
        asks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(n: u8) -> Vec<BlockId> {
        (0..n).map(|i| BlockId([i; 32])).collect()
    }

    #[test]
    fn work_is_divided_and_bounded() {
        let mut downloads = Downloads::default();
        let mut places = BTreeMap::from([(PeerId(1), 0), (PeerId(2), 10)]);
        let asks = downloads.assign(&ids(100), &mut places, Monotonic(0), |_, _| true);
        assert_eq!((asks[&PeerId(1)].len(), asks[&PeerId(2)].len()), (16, 6));
        assert!(downloads.assign(&ids(100), &mut places, Monotonic(0), |_, _| true).is_empty());
        downloads.forget(PeerId(1));
        let mut places = BTreeMap::from([(PeerId(3), 0)]);
        let asks = downloads.assign(&ids(100), &mut places, Monotonic(0), |_, id| id.0[0] % 2 == 0);
        assert!(asks[&PeerId(3)].iter().all(|id| id.0[0] % 2 == 0));
        let owed = asks[&PeerId(3)][0];
        assert_eq!(downloads.debtor(&owed), Some(PeerId(3)));
        downloads.done(&owed);
        assert_eq!(downloads.debtor(&owed), None);
    }
}
