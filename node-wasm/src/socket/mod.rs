//! One connection to a relay: frames in, frames out, whatever carries them.

mod line;
mod streamed;
mod web_socket;

use fedcoin_node::ConnectionError;
use fedcoin_node::wire::MAX_FRAME_BYTES;
use line::Line;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use streamed::Streamed;
use web_socket::Connected;

/// Maximum time for a connection to be established in seconds; browsers wait for minutes.
const DIAL_SECONDS: u32 = 10;
/// Maximum bytes that wait to be sent: two full answers to a request for blocks.
const MAX_UNSENT: usize = 32 * MAX_FRAME_BYTES;
/// Maximum received bytes that wait for the node.
const MAX_UNREAD: usize = 32 * MAX_FRAME_BYTES;

/// What carries a connection's frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Carrier {
    /// A WebSocket.
    #[default]
    WebSocket,
    /// Plain requests: an answer that goes on, and posts. Where WebSockets are blocked.
    Http,
}

/// Events of a socket. [`SocketEvent::Closed`] is the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// The connection is established.
    Opened,
    /// A frame has arrived; call [`Socket::frame_read`] when it has been handled.
    Frame(Vec<u8>),
    /// The connection ended, or was never established.
    Closed(ConnectionError),
}

/// A connection; dropping it closes it without a further event, once what is queued is sent.
#[derive(Debug)]
pub struct Socket {
    link: Link,
    line: Rc<Line>,
}

#[derive(Debug)]
enum Link {
    WebSocket(Connected),
    Http(Streamed),
}

impl Socket {
    /// Dials a URL of the carrier's scheme. Events go to `report`, never before this returns.
    ///
    /// # Errors
    /// The browser's error for an address that it refuses to dial at all.
    pub fn dial(url: &str, carrier: Carrier, report: impl Fn(SocketEvent) + 'static) -> Result<Self, String> {
        let line = Line::new(report);
        let link = match carrier {
            Carrier::WebSocket => Connected::dial(url, &line).map(Link::WebSocket),
            Carrier::Http => Streamed::dial(url, &line).map(Link::Http),
        };
        Ok(Self { link: link.map_err(|e| crate::exception::text(&e))?, line })
    }

    /// Queues a frame.
    ///
    /// # Errors
    /// [`ConnectionError`] if that is not possible; the socket must then be dropped.
    pub fn send(&self, frame: &[u8]) -> Result<(), ConnectionError> {
        let unsent = match &self.link {
            Link::WebSocket(socket) => socket.unsent(),
            Link::Http(stream) => stream.unsent(),
        };
        if unsent + frame.len() > MAX_UNSENT {
            return Err(ConnectionError::SlowReader { max: MAX_UNSENT });
        }
        match &self.link {
            Link::WebSocket(socket) => socket.send(frame),
            Link::Http(stream) => stream.send(frame),
        }
    }

    /// Whether the connection was ever established.
    #[must_use]
    pub fn has_stood(&self) -> bool {
        self.line.has_stood()
    }

    /// Whether the other side has ever sent a frame. Some proxies accept WebSockets and carry nothing.
    #[must_use]
    pub fn has_spoken(&self) -> bool {
        self.line.has_spoken()
    }

    /// Releases the memory quota of a handled frame.
    pub fn frame_read(&self, bytes: usize) {
        self.line.frame_read(bytes);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.line.hang_up();
    }
}
