use crate::primitives::BlockId;
use crate::units::{Timestamp, Work};
use core::cmp::Reverse;

/// What the choice between two chains looks at: their last blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Of the whole chain.
    pub(crate) work: Work,
    /// The last header's.
    pub(crate) time: Timestamp,
    /// The last header's.
    pub(crate) id: BlockId,
}

impl Candidate {
    /// Rules F1 and F2: most work; at equal work the earlier time; then the lower id. The order is
    /// total and does not depend on what arrived first, so that all nodes agree even when mining
    /// rests.
    pub(crate) fn beats(&self, other: &Self) -> bool {
        let key = |c: &Self| (Reverse(c.work), c.time, c.id);
        key(self) < key(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::CompactTarget;

    #[test]
    fn work_then_time_then_id() {
        let work = CompactTarget(0x1eff_ffff).expand().unwrap().work();
        let of = |work, time, id| Candidate { work, time: Timestamp(time), id: BlockId([id; 32]) };
        let order = [of(work + work, 9, 9), of(work, 1, 5), of(work, 2, 3), of(work, 2, 4)];
        for (i, a) in order.iter().enumerate() {
            for (j, b) in order.iter().enumerate() {
                assert_eq!(a.beats(b), i < j, "{a:?} {b:?}");
            }
        }
    }
}
