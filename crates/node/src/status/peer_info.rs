use crate::peer_id::{Direction, PeerId};
use crate::units::Height;
use crate::wire::PeerAddress;
use serde::{Deserialize, Serialize};

/// A peer whose handshake is complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeerInfo {
    /// The driver's name for the connection.
    pub peer: PeerId,
    /// Who opened it.
    pub direction: Direction,
    /// Its address.
    pub address: PeerAddress,
    /// What it says it is.
    pub user_agent: String,
    /// The best height it has told.
    pub height: Height,
    /// Round trip of the last ping in milliseconds.
    pub ping_ms: Option<u32>,
}

/// A configured address at which no peer is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsentNeighbour {
    /// Its address.
    pub address: PeerAddress,
    /// Why the last dial or connection ended; `None` before the first has.
    pub problem: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// When it is dialled again, in milliseconds from now; `None` while it is being dialled, and where it is this
    /// node itself.
    pub retry_ms: Option<u64>,
}
