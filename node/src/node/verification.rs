use super::blocks::BlockSource;
use super::payments::Submission;
use crate::consensus::{WellFormedBlock, WellFormedPayment};
use crate::effect::BatchId;
use crate::event::PaymentOrigin;
use crate::primitives::BlockId;
use std::collections::{BTreeMap, BTreeSet};

/// What waits for its signatures to be checked.
///
/// Bounds: [`Verifications::MAX_PAYMENTS`] payments; blocks are bounded by what was asked for
/// ([`crate::sync::Downloads`]) and [`Verifications::MAX_BLOCKS`].
#[derive(Default)]
pub(super) struct Verifications {
    batches: BTreeMap<BatchId, Verification>,
    blocks: BTreeSet<BlockId>,
    payments: usize,
    next: u64,
}

/// One batch.
pub(super) enum Verification {
    Payment { payment: WellFormedPayment, origin: PaymentOrigin, submission: Option<Submission> },
    Block { block: WellFormedBlock, source: BlockSource, checked: Vec<u32> },
}

impl Verifications {
    pub(super) const MAX_PAYMENTS: usize = 2_000;
    pub(super) const MAX_BLOCKS: usize = 512;

    pub(super) fn contains_block(&self, id: &BlockId) -> bool {
        self.blocks.contains(id)
    }

    /// Whether another payment has room.
    pub(super) fn has_room_for_payment(&self) -> bool {
        self.payments < Self::MAX_PAYMENTS
    }

    /// Whether another block has room.
    pub(super) fn has_room_for_block(&self) -> bool {
        self.blocks.len() < Self::MAX_BLOCKS
    }

    pub(super) fn insert(&mut self, verification: Verification) -> BatchId {
        match &verification {
            Verification::Payment { .. } => self.payments += 1,
            Verification::Block { block, .. } => {
                self.blocks.insert(block.id());
            }
        }
        let batch = BatchId(self.next);
        self.next += 1;
        self.batches.insert(batch, verification);
        batch
    }

    pub(super) fn remove(&mut self, batch: BatchId) -> Option<Verification> {
        let verification = self.batches.remove(&batch)?;
        match &verification {
            Verification::Payment { .. } => self.payments -= 1,
            Verification::Block { block, .. } => {
                self.blocks.remove(&block.id());
            }
        }
        Some(verification)
    }
}
