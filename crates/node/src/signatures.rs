use crate::collections::RecentSet;
use crate::effect::BatchId;
use crate::primitives::PaymentHash;

/// How many payments are remembered as verified.
const MAX_VERIFIED: usize = 100_000;

/// Payments whose signatures have been found valid, and the numbers of batches to check.
pub(crate) struct Signatures {
    verified: RecentSet<PaymentHash>,
    next: u64,
}

impl Signatures {
    pub(crate) fn new() -> Self {
        Self { verified: RecentSet::new(MAX_VERIFIED), next: 0 }
    }

    /// Whether a payment's signature has been found valid.
    pub(crate) fn are_valid(&self, payment: &PaymentHash) -> bool {
        self.verified.contains(payment)
    }

    /// A payment's signature is valid.
    pub(crate) fn note_valid(&mut self, payment: PaymentHash) {
        self.verified.insert(payment);
    }

    /// The name of a new batch.
    pub(crate) fn next_batch(&mut self) -> BatchId {
        let batch = BatchId(self.next);
        self.next += 1;
        batch
    }
}
