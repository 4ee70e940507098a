use super::selection::Selection;
use super::{FeeRate, Mempool, PoolEntry};
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::EMPTY_BLOCK_BYTES;
use fedcoin_primitives::units::Amount;

/// A future block, assuming that no more payments arrive and every miner selects like this node.
#[derive(Clone, Debug)]
pub struct ComingBlock<'a> {
    /// Its payments, parents before children.
    pub payments: Vec<&'a PoolEntry>,
    /// Their encoded size.
    pub bytes: usize,
    /// The sum of their fees.
    pub fees: Amount,
    /// The lowest mining rate of its payments.
    pub lowest: FeeRate,
    /// The median mining rate.
    pub median: FeeRate,
    /// The highest mining rate.
    pub highest: FeeRate,
}

impl Mempool {
    /// The next blocks, at most `blocks`. The first is [`Mempool::template`], each later one is selected from the
    /// remaining payments. Payments that fit into none are left out.
    ///
    /// The cost is linear in the number of payments, plus a logarithm of it for each payment in these blocks.
    #[must_use]
    pub fn coming_blocks(&self, params: &ChainParams, blocks: usize) -> Vec<ComingBlock<'_>> {
        let bytes = (params.max_block_bytes as usize).saturating_sub(EMPTY_BLOCK_BYTES);
        let mut selection = Selection::new(self, 0, 0);
        let mut coming = Vec::new();
        while coming.len() < blocks {
            selection.begin_block(params.max_block_payments as usize, bytes);
            let Some(block) = ComingBlock::choose(&mut selection) else { break };
            coming.push(block);
        }
        coming
    }
}

impl<'a> ComingBlock<'a> {
    /// `None` if no remaining payment fits.
    fn choose(selection: &mut Selection<'a>) -> Option<Self> {
        let (mut payments, mut rates) = (Vec::new(), Vec::new());
        while let Some((package, rate)) = selection.next_package() {
            rates.extend(package.iter().map(|_| rate));
            payments.extend(package);
        }
        rates.sort_unstable();
        let (lowest, highest) = (*rates.first()?, *rates.last()?);
        Some(Self {
            bytes: payments.iter().map(|entry| entry.bytes()).sum(),
            // Fees are part of the supply, which stays below the maximum.
            fees: Amount::saturating_sum(payments.iter().map(|entry| entry.fee())),
            lowest,
            median: rates[rates.len() / 2],
            highest,
            payments,
        })
    }
}
