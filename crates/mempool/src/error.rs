use fedcoin_consensus::PaymentError;
use fedcoin_primitives::units::Amount;
use fedcoin_primitives::{OutPoint, TxId};
use serde::{Deserialize, Serialize};

/// Why the mempool does not accept a payment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PoolError {
    /// Rule P1.
    #[error("the payment is already in the mempool")]
    Known,
    /// Rule P2.
    #[error("{outpoint} is already spent by {with}, which is not replaceable")]
    Conflict {
        /// The output that both spend.
        outpoint: OutPoint,
        /// The earlier payment.
        with: TxId,
    },
    /// Rule P2, for submissions that may not replace a payment.
    #[error(
        "{outpoint} is already spent by waiting payment {with}: choose other coins, or allow this payment to replace it"
    )]
    CoinTaken {
        /// The output that both spend.
        outpoint: OutPoint,
        /// The waiting payment.
        with: TxId,
    },
    /// Rule P3.
    #[error("the payment has {got} or more unconfirmed ancestors, at most {max} are allowed: wait for a block")]
    TooManyAncestors {
        /// Number of ancestors, or a lower bound.
        got: usize,
        /// Maximum number of ancestors.
        max: usize,
    },
    /// Rule P3.
    #[error("the payment and its unconfirmed ancestors have {got} bytes, at most {max} are allowed: wait for a block")]
    AncestorsTooLarge {
        /// Their total size.
        got: usize,
        /// Maximum total size.
        max: usize,
    },
    /// Rule P4.
    #[error("the mempool is full of payments with the same or a higher fee rate: pay a higher fee, or wait")]
    Full,
    /// Rule P7.
    #[error(
        "the fee of {got} FED is below the minimum of {min} FED that this node requires for a payment of this size"
    )]
    FeeTooLow {
        /// The payment's fee.
        got: Amount,
        /// The minimum fee.
        min: Amount,
    },
    /// Rule P8.
    #[error(
        "the mempool was full recently: a payment of this size now needs a fee of {min} FED, not {got} FED; pay more, or wait"
    )]
    BelowRisingMinimum {
        /// The payment's fee.
        got: Amount,
        /// The current minimum fee.
        min: Amount,
    },
    /// Rule P9.
    #[error("payment {of} would have {got} unconfirmed descendants, at most {max} are allowed: wait for a block")]
    TooManyDescendants {
        /// The ancestor.
        of: TxId,
        /// The number of its descendants.
        got: usize,
        /// Maximum number of descendants.
        max: usize,
    },
    /// Rule P9.
    #[error(
        "payment {of} and its unconfirmed descendants would have {got} bytes, at most {max} are allowed: wait for a block"
    )]
    DescendantsTooLarge {
        /// The ancestor.
        of: TxId,
        /// Their total size.
        got: usize,
        /// Maximum total size.
        max: usize,
    },
    /// Rule P10.
    #[error(
        "the fee of {got} FED does not give a higher fee rate than that of {replaced}: replacing it needs at least {min} FED"
    )]
    ReplacementRate {
        /// The payment to be replaced.
        replaced: TxId,
        /// The replacement's fee.
        got: Amount,
        /// The minimum fee with a higher rate.
        min: Amount,
    },
    /// Rule P11.
    #[error(
        "the fee of {got} FED does not cover the replaced fees and the cost of relaying it again: it needs at least {min} FED"
    )]
    ReplacementFee {
        /// The replacement's fee.
        got: Amount,
        /// The replaced payments' fees, plus [`super::FEE_STEP`] for the size.
        min: Amount,
    },
    /// Rule P12.
    #[error("the payment would replace {got} payments, descendants included; at most {max} are allowed")]
    ReplacesTooMany {
        /// Number of replaced payments, or a lower bound.
        got: usize,
        /// Maximum number of replaced payments.
        max: usize,
    },
    /// Rule P13.
    #[error("the payment descends from {ancestor}, which it would replace")]
    BuildsOnReplaced {
        /// The payment that is both an ancestor and replaced.
        ancestor: TxId,
    },
    /// Rule P14.
    #[error("the replacement spends an output of unconfirmed payment {parent}, which no replaced payment spends from")]
    NewUnminedParent {
        /// The unconfirmed parent.
        parent: TxId,
    },
    /// Rule P15.
    #[error("{max} payments are waiting for signature checks: try again soon")]
    Busy {
        /// Maximum number of waiting checks.
        max: usize,
    },
    /// Rule C1: the parent may not have arrived yet.
    #[error("{outpoint} does not exist or is already spent")]
    MissingInputs {
        /// The first missing input.
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
            Self::Conflict { .. } | Self::CoinTaken { .. } => "P2",
            Self::TooManyAncestors { .. } | Self::AncestorsTooLarge { .. } => "P3",
            Self::Full => "P4",
            Self::FeeTooLow { .. } => "P7",
            Self::BelowRisingMinimum { .. } => "P8",
            Self::TooManyDescendants { .. } | Self::DescendantsTooLarge { .. } => "P9",
            Self::ReplacementRate { .. } => "P10",
            Self::ReplacementFee { .. } => "P11",
            Self::ReplacesTooMany { .. } => "P12",
            Self::BuildsOnReplaced { .. } => "P13",
            Self::NewUnminedParent { .. } => "P14",
            Self::Busy { .. } => "P15",
            Self::MissingInputs { .. } => "C1",
            Self::Invalid(error) => error.rule(),
        }
    }

    /// Whether the same payment may be accepted later.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::TooManyAncestors { .. }
                | Self::AncestorsTooLarge { .. }
                | Self::Full
                | Self::BelowRisingMinimum { .. }
                | Self::TooManyDescendants { .. }
                | Self::DescendantsTooLarge { .. }
                | Self::Busy { .. }
        )
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
