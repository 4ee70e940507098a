use fedcoin_consensus::PaymentError;
use fedcoin_primitives::units::Amount;
use fedcoin_primitives::{OutPoint, TxId};
use serde::{Deserialize, Serialize};

/// The mempool does not take a payment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PoolError {
    /// Rule P1.
    #[error("the payment is in the mempool already")]
    Known,
    /// Rule P2.
    #[error("{outpoint} is spent by {with}, which came earlier and is not replaceable")]
    Conflict {
        /// The output that both spend.
        outpoint: OutPoint,
        /// The payment that came earlier.
        with: TxId,
    },
    /// Rule P2, for who does not mean to replace a payment.
    #[error("{outpoint} is spent by {with}, which waits: choose other coins, or say that this payment replaces it")]
    CoinTaken {
        /// The output that both spend.
        outpoint: OutPoint,
        /// The payment that waits.
        with: TxId,
    },
    /// Rule P3.
    #[error("the payment builds on {got} unmined payments or more, at most {max} are allowed: wait for a block")]
    TooManyAncestors {
        /// At least so many.
        got: usize,
        /// Ancestors allowed.
        max: usize,
    },
    /// Rule P3.
    #[error(
        "the payment and the unmined ones it builds on have {got} bytes, at most {max} are allowed: wait for a block"
    )]
    AncestorsTooLarge {
        /// Bytes together.
        got: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// Rule P4.
    #[error("the mempool is full of payments of the same or a higher fee rate: pay a higher fee or wait")]
    Full,
    /// Rule P7.
    #[error("the fee of {got} FED is below the {min} FED that this node asks for a payment of this size")]
    FeeTooLow {
        /// The fee.
        got: Amount,
        /// The least fee.
        min: Amount,
    },
    /// Rule P8.
    #[error(
        "the mempool has been full: it takes a payment of this size for {min} FED at present, not for {got} FED; pay more or wait"
    )]
    BelowRisingMinimum {
        /// The fee.
        got: Amount,
        /// The least fee at present.
        min: Amount,
    },
    /// Rule P9.
    #[error("{got} unmined payments would build on {of}, at most {max} are allowed: wait for a block")]
    TooManyDescendants {
        /// The payment built on.
        of: TxId,
        /// How many would build on it.
        got: usize,
        /// How many may.
        max: usize,
    },
    /// Rule P9.
    #[error(
        "{of} and the unmined payments that build on it would have {got} bytes, at most {max} are allowed: wait for a block"
    )]
    DescendantsTooLarge {
        /// The payment built on.
        of: TxId,
        /// Bytes together.
        got: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// Rule P10.
    #[error(
        "the fee of {got} FED does not give a higher fee rate than that of {replaced}: at least {min} FED are needed to replace it"
    )]
    ReplacementRate {
        /// The payment to be replaced.
        replaced: TxId,
        /// The fee.
        got: Amount,
        /// The least fee with a higher rate.
        min: Amount,
    },
    /// Rule P11.
    #[error(
        "the fee of {got} FED does not pay for what it replaces and for being sent around again: {min} FED are needed"
    )]
    ReplacementFee {
        /// The fee.
        got: Amount,
        /// The replaced payments' fees and [`super::FEE_STEP`] for the size.
        min: Amount,
    },
    /// Rule P12.
    #[error("{got} payments would be replaced, with those that build on them; at most {max} may be")]
    ReplacesTooMany {
        /// At least so many.
        got: usize,
        /// How many may be.
        max: usize,
    },
    /// Rule P13.
    #[error("the payment spends an output of {ancestor}, which it would replace, or builds on one that does")]
    BuildsOnReplaced {
        /// The payment both built on and replaced.
        ancestor: TxId,
    },
    /// Rule P14.
    #[error(
        "the replacement spends an output of {parent}, which is not mined yet and which no replaced payment spends from"
    )]
    NewUnminedParent {
        /// The parent.
        parent: TxId,
    },
    /// Rule P15.
    #[error("{max} payments wait for their signatures to be checked: try again soon")]
    Busy {
        /// Most payments that may wait.
        max: usize,
    },
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

    /// Whether the same payment may be taken later as it is.
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
