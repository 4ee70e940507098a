use crate::connection_error::ConnectionError;
use crate::peer_id::{Direction, PeerId};
use crate::units::Height;
use crate::wire::PeerAddress;
use serde::{Deserialize, Serialize};

/// A peer with a complete handshake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeerInfo {
    /// The connection.
    pub peer: PeerId,
    /// Which side opened it.
    pub direction: Direction,
    /// Its address.
    pub address: PeerAddress,
    /// The program that it claims to be.
    pub user_agent: String,
    /// The best height that it has announced.
    pub height: Height,
    /// Round-trip time of the last ping in milliseconds.
    pub ping_ms: Option<u32>,
}

/// A neighbour that is not connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsentNeighbour {
    /// The neighbour's address.
    pub address: PeerAddress,
    /// Why the last dial or connection ended; `None` before the first has ended.
    pub problem: Option<ConnectionError>,
    /// Number of consecutive failures.
    pub failures: u32,
    /// Milliseconds until the next dial; `None` during a dial, and if the address is this node's own.
    pub retry_ms: Option<u64>,
}
