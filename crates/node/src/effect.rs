use crate::chain::{ChangeSet, Durability};
use crate::consensus::SignatureCheck;
use crate::event::Event;
use crate::peer_id::PeerId;
use crate::pow::Job;
use crate::primitives::BlockId;
use crate::wire::{Goodbye, PeerAddress};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// A request from the node to its driver; see the driving contract in the crate's documentation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Commit a change of state.
    Store {
        /// The change to commit.
        changes: Box<ChangeSet>,
        /// When it must be on disk.
        durability: Durability,
    },
    /// Read blocks; answered by [`crate::Input::Loaded`].
    Load {
        /// Repeated in the answer.
        request: LoadId,
        /// The blocks to read, at most [`crate::wire::MAX_BLOCKS_REQUESTED`].
        blocks: Vec<BlockId>,
    },
    /// Check signatures; answered by [`crate::Input::Verified`].
    Verify {
        /// Repeated in the answer.
        batch: BatchId,
        /// The signatures to check, at most those of one block.
        checks: Vec<SignatureCheck>,
    },
    /// Open a connection; answered by `Connected` or `ConnectFailed`.
    Connect {
        /// The address to dial.
        address: PeerAddress,
    },
    /// Send one frame.
    Send {
        /// The receiver.
        peer: PeerId,
        /// One encoded [`crate::wire::Message`]. A message for many peers is encoded once.
        bytes: Bytes,
    },
    /// Send what is queued, then close; answered by `Disconnected`.
    Disconnect {
        /// The connection to close.
        peer: PeerId,
        /// The reason; the peer has already been told.
        reason: Goodbye,
    },
    /// Search for this job's nonce with all workers; replaces any earlier job.
    Mine(Job),
    /// Stop searching.
    PauseMining {
        /// Ignore results up to this generation.
        generation: u64,
    },
    /// Publish an event.
    Emit(Event),
}

/// Identifies an [`Effect::Load`] request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LoadId(pub u64);

/// Identifies an [`Effect::Verify`] batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BatchId(pub u64);
