//! Connections to peers: WebSockets that others opened and that this node opened.
//!
//! Each connection is one task with two halves: one gives what comes in to the driver's inbox and
//! waits while that is full, the other sends what stands in the connection's outbox.

mod accept;
mod connections;
mod dial;
mod frames;
mod line;
mod outbox;
mod pump;
mod socket;
mod traffic;

pub use accept::serve;
pub use connections::{Connections, Queued};
pub use dial::dial;
pub use outbox::{MAX_QUEUED_BYTES, MAX_QUEUED_BYTES_IN_ALL};
pub use traffic::{Tallies, Traffic};

use fedcoin_node::wire::MAX_FRAME_BYTES;
use std::time::Duration;

/// Bytes read from a socket at once. The library's default of 128 KiB a connection costs far more
/// memory than small messages need.
const READ_BUFFER: usize = 1_024;
/// Bytes collected before they are written to a socket.
const WRITE_BUFFER: usize = 16 * 1024;
/// The largest frame fits beside a full write buffer.
const MAX_WRITE_BUFFER: usize = MAX_FRAME_BYTES + 4 * WRITE_BUFFER;
/// A peer that takes nothing for so long is cut off, however little waits for it.
const WRITE_STALL: Duration = Duration::from_secs(60);
/// Pings and pongs of the WebSocket protocol, which peers need not send, that one may send at once.
const PING_BURST: u32 = 20;
/// One more every so often.
const PING_REFILL: Duration = Duration::from_secs(2);
/// How long closing may take, and how long a peer is listened to after that.
const LINGER: Duration = Duration::from_secs(2);
