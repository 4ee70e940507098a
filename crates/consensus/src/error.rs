use fedcoin_primitives::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_primitives::{Address, BlockId, Commitment, HistoryRoot, LedgerRoot, OutPoint};
use serde::{Deserialize, Serialize};

/// Why a header is invalid: one variant per rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum HeaderError {
    /// Rule H1.
    #[error("header version {got}, expected {expected}")]
    Version { got: u32, expected: u32 },
    /// Rule H2.
    #[error("compact target {got} is zero, too large or not in canonical form")]
    TargetForm { got: CompactTarget },
    /// Rule H3.
    #[error("the hash {hash} is above the target {target}: insufficient work")]
    ProofOfWork { hash: BlockId, target: CompactTarget },
    /// Rule H4.
    #[error("target {got}, expected {expected}")]
    TargetValue {
        got: CompactTarget,
        /// The target that the chain requires.
        expected: CompactTarget,
    },
    /// Rule H5.
    #[error("header time {got}, must be above {median}, the median of the headers before")]
    TimeTooOld { got: Timestamp, median: Timestamp },
    /// Rule H6.
    #[error("header time {got}, must not be above {max}, a little ahead of this node's clock")]
    TimeTooNew {
        got: Timestamp,
        /// The latest time that is acceptable now.
        max: Timestamp,
    },
}

/// Why a payment is invalid: one variant per rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum PaymentError {
    /// Rule T1.
    #[error("the payment spends nothing")]
    NoInputs,
    /// Rule T2.
    #[error("the payment pays nobody")]
    NoOutputs,
    /// Rule T3.
    #[error("the payment has {got} bytes, at most {max} are allowed")]
    TooLarge {
        /// Encoded size in bytes.
        got: usize,
        /// Largest size allowed, in bytes.
        max: usize,
    },
    /// Rule T4.
    #[error("the payment spends {outpoint} twice")]
    DuplicateInput { outpoint: OutPoint },
    /// Rule T5.
    #[error("output {index} has amount zero")]
    ZeroOutput {
        /// Index of the output, from 0.
        index: u32,
    },
    /// Rule T6.
    #[error("the outputs add up to more than {max} FED")]
    OutputsTooLarge { max: Amount },
    /// Rule T7.
    #[error("the sender's key begins with {got:#04x}, expected 0x02 or 0x03")]
    KeyForm {
        /// The key's first byte.
        got: u8,
    },
    /// Rule T8.
    #[error("the signature's s is in the upper half of its range")]
    HighS,
    /// Rule T9.
    #[error("the signature is not valid for this sender, payment and network")]
    BadSignature,
    /// Rule C1.
    #[error("{outpoint} does not exist or is spent already")]
    MissingInput { outpoint: OutPoint },
    /// Rule C2.
    #[error("{outpoint} belongs to {owner}, the sender is {sender}")]
    NotOwner { outpoint: OutPoint, owner: Address, sender: Address },
    /// Rule C3.
    #[error("the payment spends {inputs} FED and pays {outputs} FED")]
    Overspent {
        /// Sum of the inputs.
        inputs: Amount,
        /// Sum of the outputs.
        outputs: Amount,
    },
    /// Rule C4.
    #[error("{outpoint} is a coinbase output spendable from height {from} on, this is height {height}")]
    Immature {
        outpoint: OutPoint,
        /// Height of the first block that may spend the output.
        from: Height,
        /// Height of the block that spends it.
        height: Height,
    },
}

/// Why a block is invalid: one variant per rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum BlockError {
    /// Rules H1 to H6.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Rule B1.
    #[error("the block has {got} bytes, at most {max} are allowed")]
    TooLarge {
        /// Encoded size in bytes.
        got: usize,
        /// Largest size allowed, in bytes.
        max: usize,
    },
    /// Rule B2.
    #[error("the block has {got} payments, must have {min} to {max}")]
    PaymentCount { got: usize, min: u32, max: u32 },
    /// Rule B3.
    #[error("the header commits to {expected}, the block's content is {got}")]
    Commitment {
        /// Over the block's transactions and roots.
        got: Commitment,
        expected: Commitment,
    },
    /// Rule B4.
    #[error("two payments of the block spend {outpoint}")]
    DoubleSpend { outpoint: OutPoint },
    /// Rule B5.
    #[error("the coinbase is for height {got}, the block is at height {expected}")]
    CoinbaseHeight { got: Height, expected: Height },
    /// Rule B6.
    #[error("the coinbase takes {got} FED, subsidy and fees are {max} FED")]
    CoinbaseAmount {
        got: Amount,
        /// Subsidy plus fees.
        max: Amount,
    },
    /// Rule B8.
    #[error("the history root is {got}, that of the blocks before is {expected}")]
    HistoryRoot { got: HistoryRoot, expected: HistoryRoot },
    /// Rule B9.
    #[error("the ledger root is {got}, that of the checkpoint is {expected}")]
    LedgerRoot { got: LedgerRoot, expected: LedgerRoot },
    /// Rule C5.
    #[error("the output {outpoint} exists already")]
    OutputExists { outpoint: OutPoint },
    /// Rules T1 to T9 and C1 to C4.
    #[error("payment {index} of the block: {error}")]
    Payment {
        /// Index of the payment in the block, from 0.
        index: u32,
        error: PaymentError,
    },
}

impl HeaderError {
    /// The rule's number in `docs/protocol.md`.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Version { .. } => "H1",
            Self::TargetForm { .. } => "H2",
            Self::ProofOfWork { .. } => "H3",
            Self::TargetValue { .. } => "H4",
            Self::TimeTooOld { .. } => "H5",
            Self::TimeTooNew { .. } => "H6",
        }
    }

    /// Whether the same header may become valid later (rule H6). All other errors are permanent.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::TimeTooNew { .. })
    }
}

impl PaymentError {
    /// The rule's number in `docs/protocol.md`.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::NoInputs => "T1",
            Self::NoOutputs => "T2",
            Self::TooLarge { .. } => "T3",
            Self::DuplicateInput { .. } => "T4",
            Self::ZeroOutput { .. } => "T5",
            Self::OutputsTooLarge { .. } => "T6",
            Self::KeyForm { .. } => "T7",
            Self::HighS => "T8",
            Self::BadSignature => "T9",
            Self::MissingInput { .. } => "C1",
            Self::NotOwner { .. } => "C2",
            Self::Overspent { .. } => "C3",
            Self::Immature { .. } => "C4",
        }
    }

    /// Whether the payment is invalid on every chain. Only a faulty or dishonest node sends it.
    #[must_use]
    pub const fn is_context_free(&self) -> bool {
        !matches!(
            self,
            Self::MissingInput { .. } | Self::NotOwner { .. } | Self::Overspent { .. } | Self::Immature { .. }
        )
    }
}

impl BlockError {
    /// The rule's number in `docs/protocol.md`.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Header(error) => error.rule(),
            Self::TooLarge { .. } => "B1",
            Self::PaymentCount { .. } => "B2",
            Self::Commitment { .. } => "B3",
            Self::DoubleSpend { .. } => "B4",
            Self::CoinbaseHeight { .. } => "B5",
            Self::CoinbaseAmount { .. } => "B6",
            Self::HistoryRoot { .. } => "B8",
            Self::LedgerRoot { .. } => "B9",
            Self::OutputExists { .. } => "C5",
            Self::Payment { error, .. } => error.rule(),
        }
    }

    /// Whether the body does not belong to the header (rule B3). Then the sender is at fault, and the header's own
    /// block may still be valid.
    #[must_use]
    pub const fn is_mutation(&self) -> bool {
        matches!(self, Self::Commitment { .. })
    }
}
