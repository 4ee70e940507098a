//! What the event log holds.

use fedcoin_node::units::Timestamp;
use fedcoin_node::{Event, PeerAddress};
use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When, by the browser's clock.
    pub time: Timestamp,
    /// What.
    pub what: Happening,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Happening {
    /// In the node.
    Node(Event),
    /// A mining worker did not answer and was replaced.
    MinerReplaced {
        /// Which, from 0.
        worker: u32,
    },
    /// The browser slept or the tab was frozen; the relays are dialled again.
    WokeUp {
        /// For how long, in milliseconds.
        asleep_ms: u64,
    },
    /// The browser's storage failed, or was deleted; the node goes on in a new file or in memory.
    StorageFailed {
        /// What the browser said.
        problem: String,
    },
    /// WebCrypto failed; signatures are checked in wasm from now on.
    VerifierFellBack {
        /// What WebCrypto said.
        error: String,
    },
    /// A socket was closed because it took bytes too slowly or sent something else than frames.
    SocketDropped {
        /// Where to.
        address: PeerAddress,
        /// Why.
        reason: String,
    },
}
