use crate::consensus::PaymentError;
use crate::primitives::{OutPoint, TxId};
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// Most payments in the mempool (rule P4).
pub const MAX_POOL_PAYMENTS: usize = 5_000;
/// Most encoded bytes in the mempool (rule P4).
pub const MAX_POOL_BYTES: usize = 5_000_000;
/// Most unmined payments that a payment may build on (rule P3).
pub const MAX_ANCESTORS: usize = 25;
/// A payment that was not mined for so long is dropped (rule P5).
pub const PAYMENT_LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

/// The mempool does not take a payment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PoolError {
    /// Rule P1.
    #[error("the payment is in the mempool already")]
    Known,
    /// Rule P2.
    #[error("{outpoint} is spent by {with}, which came earlier")]
    Conflict {
        /// The output that both spend.
        outpoint: OutPoint,
        /// The payment that came earlier.
        with: TxId,
    },
    /// Rule P3.
    #[error("the payment builds on {got} unmined payments or more, at most {max} are allowed: wait for a block")]
    TooManyAncestors {
        /// Ancestors counted before stopping.
        got: usize,
        /// Ancestors allowed.
        max: usize,
    },
    /// Rule P4.
    #[error("the mempool is full of payments of the same or a higher fee rate: pay a higher fee or wait")]
    Full,
    /// Rule C1: maybe the payment that makes the input has not come yet.
    #[error("{outpoint} does not exist or is spent already")]
    MissingInputs {
        /// The first such input.
        outpoint: OutPoint,
    },
    /// Rules T1 to T9 and C2 to C4.
    #[error(transparent)]
    Invalid(PaymentError),
}

impl PoolError {
    /// The rule's number in `docs/protocol.md`.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Known => "P1",
            Self::Conflict { .. } => "P2",
            Self::TooManyAncestors { .. } => "P3",
            Self::Full => "P4",
            Self::MissingInputs { .. } => "C1",
            Self::Invalid(error) => error.rule(),
        }
    }
}

impl From<PaymentError> for PoolError {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::MissingInput { outpoint } => Self::MissingInputs { outpoint },
            error => Self::Invalid(error),
        }
    }
}
