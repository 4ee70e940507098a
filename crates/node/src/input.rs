use crate::chain::LoadedBlock;
use crate::command::Command;
use crate::connection_error::ConnectionError;
use crate::effect::{BatchId, LoadId};
use crate::peer_id::{Direction, PeerId};
use crate::units::Timestamp;
use crate::wire::PeerAddress;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// What a driver gives the node: plain data, so that a run can be recorded and repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// A connection is established and nothing has been sent on it. `peer` was never used before.
    Connected {
        /// The new connection, named by the driver.
        peer: PeerId,
        /// Which side opened it.
        direction: Direction,
        /// The dialled address, or the remote address as known to the driver.
        address: PeerAddress,
    },
    /// A dial of [`crate::Effect::Connect`] failed.
    ConnectFailed {
        /// The dialled address.
        address: PeerAddress,
        /// The reason, for people.
        error: ConnectionError,
    },
    /// A connection has ended. Also follows each [`crate::Effect::Disconnect`].
    Disconnected {
        /// The connection.
        peer: PeerId,
    },
    /// A whole frame from a peer, at most [`crate::wire::MAX_FRAME_BYTES`] long.
    Received {
        /// The sender.
        peer: PeerId,
        /// One encoded [`crate::wire::Message`].
        bytes: Bytes,
    },
    /// A part of a large frame has arrived. Not all drivers can report this.
    Receiving {
        /// The sender.
        peer: PeerId,
    },
    /// The answer to [`crate::Effect::Load`], in the requested order; `None` for blocks that are not stored.
    Loaded {
        /// The id in the effect.
        request: LoadId,
        /// The stored blocks.
        blocks: Vec<Option<LoadedBlock>>,
    },
    /// The answer to [`crate::Effect::Verify`], in the requested order.
    Verified {
        /// The id in the effect.
        batch: BatchId,
        /// One verdict per check.
        verdicts: Vec<Verdict>,
    },
    /// A mining worker found a nonce.
    Mined {
        /// The job's generation.
        generation: u64,
        /// The salt in the header.
        salt: u32,
        /// The time in the header.
        time: Timestamp,
        /// The nonce that meets the target.
        nonce: u32,
    },
    /// A request from the user or a program.
    Command(Command),
    /// The deadline of [`crate::Node::poll_timeout`] has passed.
    Tick,
}

/// The outcome of one signature check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The signature is valid.
    Valid,
    /// The signature or the key is invalid.
    Invalid,
    /// The driver failed to check. The node asks once more, then runs the reference check itself.
    Unknown,
}
