use crate::consensus::{HEADER_VERSION, MAX_FUTURE_TIME};
use crate::context::Context;
use crate::primitives::{Address, Block, BlockId, Coinbase, Commitment, Header, Output};
use crate::units::{CompactTarget, EasingTarget, Timestamp};
use core::iter::successors;

/// The next block without its proof of work, for any recipient and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockTemplate {
    /// The block, with the earliest valid time (rule H5) and no recipient yet.
    block: Block,
    target: EasingTarget,
    /// See [`crate::pow::Job::clock_lead`].
    clock_lead: u64,
}

impl BlockTemplate {
    /// The block on the tip with the best payments of the mempool (rule P6).
    pub(crate) fn new(cx: &Context, clock_lead: u64) -> Self {
        let (tip, params) = (cx.chain.tip(), cx.chain.params());
        let height = tip.height.next();
        let selected = cx.mempool.template(params);
        let subsidy = params.subsidy_at(height);
        // Subsidy and fees are part of the supply, which is known to be in range.
        let amount = subsidy.checked_add(selected.fees).unwrap_or(subsidy);
        let target = cx.chain.next_header().target;
        let time = Timestamp(cx.chain.median_time().0.saturating_add(1));
        let block = Block {
            header: Header {
                version: HEADER_VERSION,
                salt: 0,
                previous: tip.id,
                commitment: Commitment::default(),
                time,
                target: target.at(time),
                nonce: 0,
            },
            roots: cx.chain.commitments().roots(),
            coinbase: Coinbase { height, output: Output { amount, recipient: Address([0; 20]) } },
            payments: selected.payments,
        };
        Self { block, target, clock_lead }
    }

    /// The block for this recipient, at this time of the machine's clock (rules H4 and H5).
    #[must_use]
    pub fn block(&self, recipient: Address, wall: Timestamp) -> Block {
        let mut block = self.block.clone();
        block.coinbase.output.recipient = recipient;
        block.header.commitment = block.commitment();
        block.header.time = self.clock(wall).max(self.earliest_time());
        block.header.target = self.target.at(block.header.time);
        block
    }

    /// The block's parent.
    #[must_use]
    pub fn parent(&self) -> BlockId {
        self.block.header.previous
    }

    /// Whether another template has the same block, for any one recipient and time.
    #[must_use]
    pub fn has_same_block(&self, other: &Self) -> bool {
        self.block == other.block
    }

    /// Number of payments in the block.
    #[must_use]
    pub fn payments(&self) -> u32 {
        u32::try_from(self.block.payments.len()).unwrap_or(u32::MAX)
    }

    /// The target that the block must meet, by its time (rule H4).
    #[must_use]
    pub fn target(&self) -> EasingTarget {
        self.target
    }

    /// The earliest valid time of the block (rule H5).
    #[must_use]
    pub fn earliest_time(&self) -> Timestamp {
        self.block.header.time
    }

    /// The latest time of a block that others accept when the machine's clock says `wall` (rules H6 and M11).
    #[must_use]
    pub fn latest_time(&self, wall: Timestamp) -> Timestamp {
        self.clock(wall).after(MAX_FUTURE_TIME)
    }

    /// The times after `time` at which the target changes, with the target from then on.
    pub fn target_changes(&self, time: Timestamp) -> impl Iterator<Item = (Timestamp, CompactTarget)> {
        let target = self.target;
        successors(target.next_change(time), move |time| target.next_change(*time))
            .map(move |time| (time, target.at(time)))
    }

    /// The time for new blocks, by this machine's clock or the peers' clocks (rule M11).
    fn clock(&self, wall: Timestamp) -> Timestamp {
        Timestamp(wall.0.saturating_sub(self.clock_lead))
    }
}
