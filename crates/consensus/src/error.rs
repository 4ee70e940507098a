use fedcoin_primitives::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_primitives::{Address, BlockId, MerkleRoot, OutPoint};
use serde::{Deserialize, Serialize};

/// Why a header is invalid: one variant per rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum HeaderError {
    /// Rule H1.
    #[error("header version {got}, expected {expected}")]
    Version {
        /// The header's.
        got: u32,
        /// The one in force.
        expected: u32,
    },
    /// Rule H2.
    #[error("compact target {got} is zero, too large or not in canonical form")]
    TargetForm {
        /// The header's.
        got: CompactTarget,
    },
    /// Rule H3.
    #[error("block {hash} is above the target {target}: its work was not done")]
    ProofOfWork {
        /// The header's hash.
        hash: BlockId,
        /// The header's target.
        target: CompactTarget,
    },
    /// Rule H4.
    #[error("target {got}, expected {expected}")]
    TargetValue {
        /// The header's.
        got: CompactTarget,
        /// What the chain asks for.
        expected: CompactTarget,
    },
    /// Rule H5.
    #[error("header time {got}, must be above {median}, the median of the headers before")]
    TimeTooOld {
        /// The header's.
        got: Timestamp,
        /// The median of the headers before.
        median: Timestamp,
    },
    /// Rule H6.
    #[error("header time {got}, must not be above {max}, a little ahead of this node's clock")]
    TimeTooNew {
        /// The header's.
        got: Timestamp,
        /// The latest time acceptable now.
        max: Timestamp,
    },
}

/// Why a payment is invalid: one variant per rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
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
        /// Its encoded size in bytes.
        got: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// Rule T4.
    #[error("the payment spends {outpoint} twice")]
    DuplicateInput {
        /// The input found twice.
        outpoint: OutPoint,
    },
    /// Rule T5.
    #[error("output {index} is of zero")]
    ZeroOutput {
        /// Its place, from 0.
        index: u32,
    },
    /// Rule T6.
    #[error("the outputs add up to more than {max} FED")]
    OutputsTooLarge {
        /// The largest amount.
        max: Amount,
    },
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
    #[error("the signature is not the sender's over this payment on this network")]
    BadSignature,
    /// Rule C1.
    #[error("{outpoint} does not exist or is spent already")]
    MissingInput {
        /// The input.
        outpoint: OutPoint,
    },
    /// Rule C2.
    #[error("{outpoint} belongs to {owner}, the sender is {sender}")]
    NotOwner {
        /// The input.
        outpoint: OutPoint,
        /// Whose it is.
        owner: Address,
        /// Who tries to spend it.
        sender: Address,
    },
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
        /// The input.
        outpoint: OutPoint,
        /// The first block that may spend it.
        from: Height,
        /// The block that would.
        height: Height,
    },
}

/// Why a block is invalid: one variant per rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum BlockError {
    /// Rules H1 to H6.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Rule B1.
    #[error("the block has {got} bytes, at most {max} are allowed")]
    TooLarge {
        /// Its encoded size in bytes.
        got: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// Rule B2.
    #[error("the block holds {got} payments, must hold {min} to {max}")]
    PaymentCount {
        /// Payments found.
        got: usize,
        /// Fewest.
        min: u32,
        /// Most.
        max: u32,
    },
    /// Rule B3.
    #[error("the transactions' merkle root is {got}, the header commits to {expected}")]
    MerkleRoot {
        /// Over the transactions that came.
        got: MerkleRoot,
        /// The header's.
        expected: MerkleRoot,
    },
    /// Rule B4.
    #[error("two payments of the block spend {outpoint}")]
    DoubleSpend {
        /// The output spent twice.
        outpoint: OutPoint,
    },
    /// Rule B5.
    #[error("the coinbase is for height {got}, the block is at height {expected}")]
    CoinbaseHeight {
        /// The coinbase's.
        got: Height,
        /// The block's.
        expected: Height,
    },
    /// Rule B6.
    #[error("the coinbase takes {got} FED, subsidy and fees are {max} FED")]
    CoinbaseAmount {
        /// The coinbase's.
        got: Amount,
        /// Subsidy and fees.
        max: Amount,
    },
    /// Rule C5.
    #[error("the output {outpoint} exists already")]
    OutputExists {
        /// The output.
        outpoint: OutPoint,
    },
    /// Rules T1 to T9 and C1 to C4.
    #[error("payment {index} of the block: {error}")]
    Payment {
        /// Its place in the block, from 0.
        index: u32,
        /// What is wrong with it.
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

    /// Whether the same header may be valid later (rule H6). All other errors are for good.
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

    /// Whether the payment is wrong whatever the chain: only a faulty or dishonest node sends it.
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
            Self::MerkleRoot { .. } => "B3",
            Self::DoubleSpend { .. } => "B4",
            Self::CoinbaseHeight { .. } => "B5",
            Self::CoinbaseAmount { .. } => "B6",
            Self::OutputExists { .. } => "C5",
            Self::Payment { error, .. } => error.rule(),
        }
    }

    /// Whether the body is not the one that the header commits to (rule B3): the sender is at
    /// fault, the header's own block may still be valid.
    #[must_use]
    pub const fn is_mutation(&self) -> bool {
        matches!(self, Self::MerkleRoot { .. })
    }
}
