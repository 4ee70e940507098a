use crate::primitives::{Block, BlockId, Coinbase, Header, Identified, Payment, PaymentHash, StateRoots};
use crate::wire::{CompactBlock, ShortId, ShortIds};
use std::collections::BTreeMap;

/// A compact block with some payments missing (rule W10).
///
/// Bound: [`crate::wire::MAX_COMPACT`] payments, all of them also in the mempool.
pub(super) struct PartialBlock {
    header: Identified<Header>,
    roots: StateRoots,
    coinbase: Coinbase,
    payments: Vec<Option<Payment>>,
}

/// The number of payments differs from the requested one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WrongCount;

impl PartialBlock {
    /// Finds a compact block's payments among those `known`. A wrong match shows in the commitment.
    pub(super) fn new<'a>(
        header: Identified<Header>,
        compact: CompactBlock,
        known: impl Iterator<Item = (PaymentHash, &'a Payment)>,
    ) -> Self {
        let short = ShortIds::of(&compact.header, compact.salt);
        let mut places: BTreeMap<ShortId, usize> = BTreeMap::new();
        places.extend((0..).zip(&compact.short_ids).map(|(place, id)| (*id, place)));
        let mut payments: Vec<Option<Payment>> = vec![None; compact.short_ids.len()];
        for (hash, payment) in known {
            if let Some(place) = places.get(&short.id(&hash)) {
                payments[*place] = Some(payment.clone());
            }
        }
        Self { header, roots: compact.roots, coinbase: compact.coinbase, payments }
    }

    pub(super) fn id(&self) -> BlockId {
        self.header.id()
    }

    /// The positions of the missing payments, in ascending order.
    pub(super) fn missing(&self) -> Vec<u16> {
        let places = (0..).zip(&self.payments);
        places.filter(|(_, payment)| payment.is_none()).map(|(place, _)| place).collect()
    }

    /// Adds the missing payments.
    pub(super) fn fill(&mut self, payments: Vec<Payment>) -> Result<(), WrongCount> {
        if payments.len() != self.missing().len() {
            return Err(WrongCount);
        }
        let gaps = self.payments.iter_mut().filter(|payment| payment.is_none());
        for (gap, payment) in gaps.zip(payments) {
            *gap = Some(payment);
        }
        Ok(())
    }

    /// The block, once it is complete.
    pub(super) fn into_block(self) -> Option<Identified<Block>> {
        let payments = self.payments.into_iter().collect::<Option<Vec<Payment>>>()?;
        Some(self.header.with_body(self.roots, self.coinbase, payments))
    }
}
