use core::cmp::Reverse;
use fedcoin_consensus::TieBreak;
use fedcoin_primitives::BlockId;
use fedcoin_primitives::units::{Timestamp, Work};

/// The properties of a chain's tip that decide between two chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Work of the whole chain.
    pub(crate) work: Work,
    /// The tip's time.
    pub(crate) time: Timestamp,
    /// The tip's id.
    pub(crate) id: BlockId,
}

impl Candidate {
    /// Rules F1 and F2: most work, then the network's tie-break. The order is total.
    pub(crate) fn beats(&self, other: &Self, ties: TieBreak) -> bool {
        let time = |c: &Self| if ties == TieBreak::EarlierTime { c.time } else { Timestamp::default() };
        let key = |c: &Self| (Reverse(c.work), time(c), c.id);
        key(self) < key(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_primitives::units::CompactTarget;

    #[test]
    fn work_decides_before_the_tie_break() {
        let work = CompactTarget(0x1eff_ffff).expand().unwrap().work();
        let of = |work, time, id| Candidate { work, time: Timestamp(time), id: BlockId([id; 32]) };
        let by_time = [of(work + work, 9, 9), of(work, 1, 5), of(work, 2, 3), of(work, 2, 4)];
        let by_id = [by_time[0], by_time[2], by_time[3], by_time[1]];
        for (ties, order) in [(TieBreak::EarlierTime, by_time), (TieBreak::LowerId, by_id)] {
            for (i, a) in order.iter().enumerate() {
                for (j, b) in order.iter().enumerate() {
                    assert_eq!(a.beats(b, ties), i < j, "{ties:?} {a:?} {b:?}");
                }
            }
        }
    }
}
