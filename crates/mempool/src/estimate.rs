use super::selection::Selection;
use super::{FeeRate, Mempool, Package};
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::EMPTY_BLOCK_BYTES;
use fedcoin_primitives::units::{Amount, Monotonic};
use serde::{Deserialize, Serialize};

/// Fee rates for a payment sent now to be mined soon, if no better ones arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeEstimate {
    /// The minimum that the node accepts now (rules P7 and P8).
    pub minimum: FeeRate,
    /// For the next block.
    pub next_block: FeeRate,
    /// For one of the next 3 blocks.
    pub within_3_blocks: FeeRate,
    /// For one of the next 10 blocks.
    pub within_10_blocks: FeeRate,
}

/// A thousandth of a unit per byte: the smallest step in text form.
const SMALLEST_STEP: FeeRate = FeeRate::per_kilobyte(match Amount::from_units(1) {
    Ok(unit) => unit,
    Err(_) => Amount::MAX,
});

/// Assumed size of the new payment in bytes: two inputs and two outputs.
const ROOM: usize = 300;

impl FeeEstimate {
    /// The number of blocks, 1, 3 or 10, within which a payment of this rate should be mined; `None` if it takes
    /// longer, or is not accepted.
    #[must_use]
    pub fn wait_in_blocks(&self, rate: FeeRate) -> Option<u32> {
        let known = [(self.next_block, 1), (self.within_3_blocks, 3), (self.within_10_blocks, 10)];
        known.into_iter().find(|(needed, _)| rate >= *needed).map(|(_, blocks)| blocks)
    }
}

impl Mempool {
    /// Estimates fee rates from the mempool: a payment must beat the first package with which the blocks are full.
    #[must_use]
    pub fn fee_estimate(&self, params: &ChainParams, now: Monotonic) -> FeeEstimate {
        let minimum = self.minimum_fee_rate(now);
        let [next_block, within_3_blocks, within_10_blocks] =
            self.marginal_rates(params, [1, 3, 10]).map(|rate| match rate {
                Some(rate) => minimum.max(rate.plus(SMALLEST_STEP)),
                None => minimum,
            });
        FeeEstimate { minimum, next_block, within_3_blocks, within_10_blocks }
    }

    /// For each number of blocks, in ascending order, the rate of the package with which they are full; `None` if they
    /// are not.
    fn marginal_rates<const N: usize>(&self, params: &ChainParams, blocks: [usize; N]) -> [Option<FeeRate>; N] {
        let payments = params.max_block_payments as usize;
        let bytes = (params.max_block_bytes as usize).saturating_sub(EMPTY_BLOCK_BYTES);
        let mut rates = [None; N];
        if self.len() < payments && self.bytes() + ROOM <= bytes {
            return rates;
        }
        let mut open = rates.iter_mut().zip(blocks).peekable();
        let mut selection = Selection::new(self, usize::MAX, usize::MAX);
        let mut sum = Package { count: 0, bytes: 0, fees: Amount::ZERO };
        while open.peek().is_some() {
            let Some((package, rate)) = selection.next_package() else { break };
            package.iter().for_each(|entry| sum.add(&entry.alone()));
            let full = |blocks: usize| sum.count >= payments * blocks || sum.bytes + ROOM > bytes * blocks;
            while let Some((marginal, _)) = open.next_if(|(_, blocks)| full(*blocks)) {
                *marginal = Some(rate);
            }
        }
        rates
    }
}
