use crate::collections::RecentSet;
use crate::effect::BatchId;
use crate::primitives::PaymentHash;

/// Maximum number of verified payments to remember.
const MAX_VERIFIED: usize = 100_000;

/// Verified payments, and the ids of batches.
pub(crate) struct Signatures {
    verified: RecentSet<PaymentHash>,
    next: u64,
}

impl Signatures {
    pub(crate) fn new() -> Self {
        Self { verified: RecentSet::new(MAX_VERIFIED), next: 0 }
    }

    /// Whether a payment's signature is known to be valid.
    pub(crate) fn are_valid(&self, payment: &PaymentHash) -> bool {
        self.verified.contains(payment)
    }

    /// Records a valid signature.
    pub(crate) fn note_valid(&mut self, payment: PaymentHash) {
        self.verified.insert(payment);
    }

    /// The id of a new batch.
    pub(crate) fn next_batch(&mut self) -> BatchId {
        let batch = BatchId(self.next);
        self.next += 1;
        batch
    }
}
