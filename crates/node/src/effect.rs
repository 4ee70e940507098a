use crate::chain::{ChangeSet, Durability};
use crate::consensus::SignatureCheck;
use crate::event::Event;
use crate::peer_id::PeerId;
use crate::pow::Job;
use crate::primitives::BlockId;
use crate::wire::{Goodbye, PeerAddress};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// What the node asks its driver to do; see the driving contract in the crate's documentation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Commit a change of state.
    Store {
        /// What changes.
        changes: Box<ChangeSet>,
        /// How soon it must be on disk.
        durability: Durability,
    },
    /// Read blocks; answered by [`crate::Input::Loaded`].
    Load {
        /// Names the request.
        request: LoadId,
        /// Which blocks, at most [`crate::wire::MAX_BLOCKS_ASKED`].
        blocks: Vec<BlockId>,
    },
    /// Check signatures; answered by [`crate::Input::Verified`].
    Verify {
        /// Names the batch.
        batch: BatchId,
        /// What to check, at most one block's payments.
        checks: Vec<SignatureCheck>,
    },
    /// Open a connection; answered by `Connected` or `ConnectFailed`.
    Connect {
        /// Where to.
        address: PeerAddress,
    },
    /// Send one frame.
    Send {
        /// To whom.
        peer: PeerId,
        /// One encoded [`crate::wire::Message`]; what goes to many peers is encoded once.
        bytes: Bytes,
    },
    /// Send what is queued, then close; answered by `Disconnected`.
    Disconnect {
        /// Whom.
        peer: PeerId,
        /// Why; already said to the peer.
        reason: Goodbye,
    },
    /// Search for this job's nonce on all workers; replaces any earlier job.
    Mine(Job),
    /// Stop searching.
    PauseMining {
        /// Results up to this generation no longer count.
        generation: u64,
    },
    /// Tell the user.
    Emit(Event),
}

/// Names a [`Effect::Load`] request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LoadId(pub u64);

/// Names a [`Effect::Verify`] batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BatchId(pub u64);
