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
/// Bound: what was asked for ([`super::Downloads`]) and [`BlockChecks::MAX`].
pub(super) struct BlockChecks {
    batches: Batches<BlockCheck>,
    ids: BTreeSet<BlockId>,
}

struct BlockCheck {
    block: WellFormedBlock,
    source: BlockSource,
    /// The places of the payments whose signatures are in question.
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

    /// Whether another block has room.
    pub(super) fn has_room(&self) -> bool {
        self.ids.len() < Self::MAX
    }

    /// Has the driver check the signatures of the payments in these places.
    pub(super) fn ask(&mut self, cx: &mut Context, block: WellFormedBlock, source: BlockSource, checked: Vec<u32>) {
        self.ids.insert(block.id());
        self.batches.ask(cx, BlockCheck { block, source, checked });
    }

    /// Takes the driver's verdicts, if the batch is a block's. Returns the block, and the rule that it breaks if one of
    /// its signatures is wrong.
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
