use super::Node;
use super::blocks::BlockSource;
use super::payments::Submission;
use crate::consensus::{BlockError, PaymentError, SignatureCheck, WellFormedBlock, WellFormedPayment};
use crate::effect::{BatchId, Effect};
use crate::event::PaymentOrigin;
use crate::input::Verdict;
use crate::primitives::{BlockId, NetworkId};
use std::collections::{BTreeMap, BTreeSet};

/// A driver's verdict; where its means have failed, the reference check's.
fn is_valid(verdict: Option<&Verdict>, check: &SignatureCheck) -> bool {
    match verdict {
        Some(Verdict::Valid) => true,
        Some(Verdict::Invalid) => false,
        Some(Verdict::Unknown) | None => check.run(),
    }
}

/// What waits for its signatures to be checked.
///
/// Bounds: [`Verifications::MAX_PAYMENTS`] payments; blocks are bounded by what was asked for
/// ([`crate::sync::Downloads`]) and [`Verifications::MAX_BLOCKS`].
#[derive(Default)]
pub(super) struct Verifications {
    batches: BTreeMap<BatchId, (Verification, Asked)>,
    blocks: BTreeSet<BlockId>,
    payments: usize,
    next: u64,
}

/// One batch.
pub(super) enum Verification {
    Payment { payment: WellFormedPayment, origin: PaymentOrigin, submission: Option<Submission> },
    Block { block: WellFormedBlock, source: BlockSource, checked: Vec<u32> },
}

/// How often a driver has been asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Once,
    /// Its means had failed before. Whatever it leaves open now, the node checks itself.
    Again,
}

impl Verification {
    /// How many signatures are in question.
    fn count(&self) -> usize {
        match self {
            Self::Payment { .. } => 1,
            Self::Block { checked, .. } => checked.len(),
        }
    }

    /// The signatures in question, in order.
    fn checks(&self, network: NetworkId) -> Vec<SignatureCheck> {
        match self {
            Self::Payment { payment, .. } => vec![payment.signature_check(network)],
            Self::Block { block, checked, .. } => {
                let payments = &block.block().payments;
                checked.iter().map(|index| SignatureCheck::of(&payments[*index as usize], network)).collect()
            }
        }
    }
}

impl Node {
    /// Has the driver check signatures.
    pub(super) fn ask_verdicts(&mut self, verification: Verification, asked: Asked) {
        let checks = verification.checks(self.cx.chain.network());
        let batch = self.verifications.insert(verification, asked);
        self.cx.outbox.push(Effect::Verify { batch, checks });
    }

    pub(super) fn signatures_checked(&mut self, batch: BatchId, verdicts: &[Verdict]) {
        let Some((verification, asked)) = self.verifications.remove(batch) else { return };
        let sure = verdicts.len() == verification.count() && !verdicts.contains(&Verdict::Unknown);
        if !sure && asked == Asked::Once {
            return self.ask_verdicts(verification, Asked::Again);
        }
        let wrong = if sure {
            verdicts.iter().position(|verdict| *verdict == Verdict::Invalid)
        } else {
            let verdicts = verdicts.iter().map(Some).chain(core::iter::repeat(None));
            let checks = verification.checks(self.cx.chain.network());
            checks.iter().zip(verdicts).position(|(check, verdict)| !is_valid(verdict, check))
        };
        match verification {
            Verification::Payment { payment, origin, submission } => match wrong {
                None => self.payment_sound(payment.verified(), origin, submission),
                Some(_) => self.payment_invalid(payment.txid(), PaymentError::BadSignature, origin, submission),
            },
            Verification::Block { block, source, checked } => match wrong {
                None => self.block_sound(block, source),
                Some(at) => {
                    let error = BlockError::Payment { index: checked[at], error: PaymentError::BadSignature };
                    self.block_invalid(block.id(), error, source);
                }
            },
        }
    }
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

    fn insert(&mut self, verification: Verification, asked: Asked) -> BatchId {
        match &verification {
            Verification::Payment { .. } => self.payments += 1,
            Verification::Block { block, .. } => {
                self.blocks.insert(block.id());
            }
        }
        let batch = BatchId(self.next);
        self.next += 1;
        self.batches.insert(batch, (verification, asked));
        batch
    }

    fn remove(&mut self, batch: BatchId) -> Option<(Verification, Asked)> {
        let (verification, asked) = self.batches.remove(&batch)?;
        match &verification {
            Verification::Payment { .. } => self.payments -= 1,
            Verification::Block { block, .. } => {
                self.blocks.remove(&block.id());
            }
        }
        Some((verification, asked))
    }
}
