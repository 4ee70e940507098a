//! Connections to peers: WebSockets that others opened or that this node dialled, and streamed answers where something
//! on the way denies WebSockets.
//!
//! Each connection is one task (`pump`) over frames in and frames out, independent of the transport. It has two halves.
//! One passes received frames to the driver's inbox and waits while that is full; the other sends the frames in the
//! connection's outbox.

mod accept;
mod connections;
mod dial;
mod frame_limiter;
mod frame_writer;
mod message_counters;
mod outbox;
mod pump;
mod socket;
mod streamed;
mod write_stall;

pub use accept::serve;
pub use connections::{Connections, Queued};
pub use dial::dial;
pub use message_counters::{MessageCounters, Traffic};
pub use outbox::{MAX_QUEUED_BYTES, MAX_QUEUED_BYTES_IN_ALL};
pub(crate) use pump::{Incoming, pump};
pub use streamed::Sessions;

use fedcoin_node::wire::MAX_FRAME_BYTES;
use std::time::Duration;

/// Bytes read from a socket at once. The library's default of 128 KiB per connection takes far more memory than small
/// messages need.
const READ_BUFFER: usize = 1_024;
/// Bytes collected before a write to a socket.
const WRITE_BUFFER: usize = 16 * 1024;
/// The largest frame fits beside a full write buffer.
const MAX_WRITE_BUFFER: usize = MAX_FRAME_BYTES + 4 * WRITE_BUFFER;
/// Maximum burst of WebSocket pings and pongs from a peer, which need not send any.
const PING_BURST: u32 = 20;
/// Interval at which a peer may send one more.
const PING_REFILL: Duration = Duration::from_secs(2);
/// Minimum interval between two reports to the node that a message is arriving.
const PARTS_EVERY: Duration = Duration::from_secs(5);
/// Maximum time to close a connection, and time in which the node still reads after it.
const LINGER: Duration = Duration::from_secs(2);
