use crate::chain::LoadedBlock;
use crate::command::Command;
use crate::effect::{BatchId, LoadId};
use crate::peer_id::{Direction, PeerId};
use crate::units::Timestamp;
use crate::wire::PeerAddress;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// What a driver tells the node: plain data, so that a run can be written down and repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// A connection stands; nothing has been sent on it. `peer` was never used before.
    Connected {
        /// The driver's name for this connection.
        peer: PeerId,
        /// Who opened it.
        direction: Direction,
        /// The address dialled, or the remote address as the driver shows it.
        address: PeerAddress,
    },
    /// A dial asked for by [`crate::Effect::Connect`] failed.
    ConnectFailed {
        /// The address dialled.
        address: PeerAddress,
        /// Why, for people.
        error: String,
    },
    /// A connection is gone. Also follows each [`crate::Effect::Disconnect`].
    Disconnected {
        /// Which.
        peer: PeerId,
    },
    /// A whole frame from a peer, at most [`crate::wire::MAX_FRAME_BYTES`] long.
    Received {
        /// From whom.
        peer: PeerId,
        /// One encoded [`crate::wire::Message`].
        bytes: Bytes,
    },
    /// The answer to [`crate::Effect::Load`], in the order asked; `None` where nothing is stored.
    Loaded {
        /// Which request.
        request: LoadId,
        /// The blocks.
        blocks: Vec<Option<LoadedBlock>>,
    },
    /// The answer to [`crate::Effect::Verify`], in the order asked.
    Verified {
        /// Which batch.
        batch: BatchId,
        /// One verdict per check.
        verdicts: Vec<Verdict>,
    },
    /// A mining worker found a nonce.
    Mined {
        /// The job's generation.
        generation: u64,
        /// The salt it used.
        salt: u32,
        /// The header's time it used.
        time: Timestamp,
        /// The nonce that met the target.
        nonce: u32,
    },
    /// The user, or a program, asks for something.
    Command(Command),
    /// The time of [`crate::Node::poll_timeout`] has come.
    Tick,
}

/// The outcome of one signature check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The signature is right.
    Valid,
    /// The signature is wrong, or the key is no key.
    Invalid,
    /// The driver's means failed: nothing is known. The node asks once more, then makes the reference check itself.
    Unknown,
}
