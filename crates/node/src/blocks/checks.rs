use super::BlockSource;
use crate::batches::{Batches, Signed};
use crate::consensus::{BlockError, PaymentError, SignatureCheck, WellFormedBlock};
use crate::context::Context;
use crate::effect::BatchId;
use crate::input::Verdict;
use crate::primitives::{BlockId, NetworkId};
use std::collections::BTreeSet;

/// Blocks whose signatures are being checked.
///
/// Bound: requested blocks ([`super::Downloads`]) and [`BlockChecks::MAX`].
pub(super) struct BlockChecks {
    batches: Batches<BlockCheck>,
    ids: BTreeSet<BlockId>,
}

struct BlockCheck {
    block: WellFormedBlock,
    source: BlockSource,
    /// The positions of the payments whose signatures need a check.
    checked: Vec<u32>,
}

impl Signed for BlockCheck {
    fn count(&self) -> usize {
        self.checked.len()
    }

    fn checks(&self, network: NetworkId) -> Vec<SignatureCheck> {
        let payments = &self.block.block().payments;
        self.checked.iter().map(|index| SignatureCheck::of(&payments[*index as usize], network)).collect()
    }
}

impl BlockChecks {
    pub(super) const MAX: usize = 512;

    pub(super) const fn new() -> Self {
        Self { batches: Batches::new(), ids: BTreeSet::new() }
    }

    pub(super) fn contains(&self, id: &BlockId) -> bool {
        self.ids.contains(id)
    }

    /// Whether there is room for another block.
    pub(super) fn has_room(&self) -> bool {
        self.ids.len() < Self::MAX
    }

    /// Requests from the driver the signature checks of the payments at these positions.
    pub(super) fn ask(&mut self, cx: &mut Context, block: WellFormedBlock, source: BlockSource, checked: Vec<u32>) {
        self.ids.insert(block.id());
        self.batches.ask(cx, BlockCheck { block, source, checked });
    }

    /// Takes the driver's verdicts, if the batch belongs to a block. Returns the block, and the violated rule if a
    /// signature is invalid.
    pub(super) fn take(
        &mut self,
        cx: &mut Context,
        batch: BatchId,
        verdicts: &[Verdict],
    ) -> Option<(WellFormedBlock, BlockSource, Result<(), BlockError>)> {
        let (BlockCheck { block, source, checked }, wrong) = self.batches.take(cx, batch, verdicts)?;
        self.ids.remove(&block.id());
        let error = |at: usize| BlockError::Payment { index: checked[at], error: PaymentError::BadSignature };
        Some((block, source, wrong.map_or(Ok(()), |at| Err(error(at)))))
    }
}
