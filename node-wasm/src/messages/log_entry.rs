//! Entries of the event log.

use super::Failure;
use fedcoin_node::units::Timestamp;
use fedcoin_node::{ConnectionError, Event, PeerAddress};
use serde::{Deserialize, Serialize};

/// An entry of the event log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Time by the browser's clock.
    pub time: Timestamp,
    /// The event.
    pub what: Happening,
}

/// An event in the node or in its driver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Happening {
    /// An event of the node.
    Node(Event),
    /// A mining worker did not respond and was replaced.
    MinerReplaced {
        /// The worker's number, from 0.
        worker: u32,
    },
    /// The machine slept or the browser froze the tab; the relays are dialled again.
    WokeUp {
        /// Duration in milliseconds.
        asleep_ms: u64,
    },
    /// The browser's storage failed or was deleted, or the chain in it is damaged; the node continues in a new file or
    /// in memory.
    StorageFailed {
        /// What ended the node before.
        failure: Failure,
    },
    /// A way to check signatures failed; from now on the next one is used.
    VerifierFellBack {
        /// What failed, or the browser's error message.
        error: String,
    },
    /// A socket was closed, because it accepted bytes too slowly or received something other than frames.
    SocketDropped {
        /// The peer's address.
        address: PeerAddress,
        /// The reason.
        reason: ConnectionError,
    },
}
