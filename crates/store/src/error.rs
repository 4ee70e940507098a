use std::io;

/// The stored state cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A newer program wrote it.
    #[error("the stored chain has format {found}, this program knows format {supported}: use a newer program")]
    Newer {
        /// The stored format.
        found: u32,
        /// The newest format that this program knows.
        supported: u32,
    },
    /// An older program wrote it, in a format that this program cannot read.
    #[error("the stored chain has format {found}, this program writes format {supported}")]
    Older {
        /// The stored format.
        found: u32,
        /// The format that this program reads.
        supported: u32,
    },
    /// It belongs to a network with another genesis block.
    #[error("the stored chain belongs to network {got}, not to {expected}: use another data directory")]
    OtherNetwork {
        /// The requested network: name and first digits of the id.
        expected: String,
        /// The stored network, in the same form.
        got: String,
    },
    /// The stored data is not what a store writes.
    #[error("the stored chain is damaged: {problem}")]
    Corrupt {
        /// What was found.
        problem: String,
    },
    /// The answer needs the index, which this store does not have.
    #[error("this store keeps no index of transactions")]
    NoIndex,
    /// Another process has the store open.
    #[error("the stored chain is in use by another process")]
    InUse,
    /// Reading or writing failed. For a full disk the kind is [`io::ErrorKind::StorageFull`] or
    /// [`io::ErrorKind::QuotaExceeded`]. Open the store again before its next use.
    #[error("the stored chain cannot be read or written: {problem}")]
    Io {
        /// The kind of failure.
        kind: io::ErrorKind,
        /// The system's message.
        problem: String,
    },
}

impl StoreError {
    pub(crate) fn corrupt(problem: impl Into<String>) -> Self {
        Self::Corrupt { problem: problem.into() }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        Self::Io { kind: error.kind(), problem: error.to_string() }
    }
}

impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => Self::InUse,
            redb::Error::Io(e) if e.kind() == io::ErrorKind::InvalidData => Self::corrupt(e.to_string()),
            redb::Error::Io(e) => e.into(),
            e @ (redb::Error::PreviousIo | redb::Error::DatabaseClosed | redb::Error::Backend(_)) => {
                Self::Io { kind: io::ErrorKind::Other, problem: e.to_string() }
            }
            e => Self::corrupt(e.to_string()),
        }
    }
}

macro_rules! from_redb {
    ($($error:ty),+) => {$(
        impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::from(redb::Error::from(error))
            }
        }
    )+};
}

from_redb!(
    redb::CommitError,
    redb::DatabaseError,
    redb::SetDurabilityError,
    redb::StorageError,
    redb::TableError,
    redb::TransactionError
);
