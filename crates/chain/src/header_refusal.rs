use fedcoin_consensus::HeaderError;
use fedcoin_primitives::BlockId;

/// Why a header was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderRefusal {
    /// It is invalid.
    #[error(transparent)]
    Invalid(#[from] HeaderError),
    /// Its parent is unknown.
    #[error("the parent {0} is unknown")]
    UnknownParent(BlockId),
    /// It builds on an invalid block.
    #[error("its parent {0} is invalid")]
    InvalidParent(BlockId),
    /// Its own block is known to be invalid.
    #[error("its block is known to be invalid")]
    KnownInvalid,
    /// There are too many headers on side branches, and this one leads to no more work within its message: see
    /// [`Chain::presync`](super::Chain::presync) (rule F5).
    #[error("too many side branches, and this one has no more work than the best chain")]
    TooManySideHeaders,
}
