use super::selection::Selection;
use super::{FeeRate, Mempool, PoolEntry};
use fedcoin_consensus::ChainParams;
use fedcoin_primitives::EMPTY_BLOCK_BYTES;
use fedcoin_primitives::units::Amount;

/// A block to come, if nothing else arrived and every miner chose as this node does.
#[derive(Clone, Debug)]
pub struct ComingBlock<'a> {
    /// Its payments, parents before children.
    pub payments: Vec<&'a PoolEntry>,
    /// Their size.
    pub bytes: usize,
    /// The sum of their fees.
    pub fees: Amount,
    /// The lowest rate at which one was chosen.
    pub lowest: FeeRate,
    /// The rate that half of them reach.
    pub median: FeeRate,
    /// The highest.
    pub highest: FeeRate,
}

impl Mempool {
    /// The next blocks, at most `blocks` of them: the first is [`Mempool::template`], the others what it leaves. What
    /// fits into none is left out.
    ///
    /// Costs a look at each payment, and a logarithm of their number for each in these blocks.
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
    /// `None` if nothing is left that fits.
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
            // Fees are a part of all money there is, which stays below the maximum.
            fees: Amount::saturating_sum(payments.iter().map(|entry| entry.fee())),
            lowest,
            median: rates[rates.len() / 2],
            highest,
            payments,
        })
    }
}
