use crate::wire::{Goodbye, MAX_FRAME_BYTES};
use serde::{Deserialize, Serialize};

/// Why a connection could not be made, or has ended. The English text is for logs and the API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ConnectionError {
    /// This node or the peer said goodbye.
    #[error("{0}")]
    Goodbye(Goodbye),
    /// The connection was closed without a reason.
    #[error("the connection was closed")]
    Closed,
    /// A WebSocket was closed with a code, or the network broke.
    #[error("closed with code {code}{}", if reason.is_empty() { String::new() } else { format!(": {reason}") })]
    ClosedWithCode {
        /// The WebSocket close code.
        code: u16,
        /// The other side's words.
        reason: String,
    },
    /// The other side ended the connection.
    #[error("the other side ended the connection")]
    Ended,
    /// A request was refused, by the node or by something on the way.
    #[error("a request was answered with {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The address is this node's own.
    #[error("this is the node's own address")]
    OwnAddress,
    /// The connection was not open in time.
    #[error("no answer within {seconds} seconds")]
    Timeout {
        /// The time for opening a connection.
        seconds: u64,
    },
    /// A browser does not say why a connection cannot be made.
    #[error("no node answers at that address")]
    Unreachable,
    /// The peer sent a text frame.
    #[error("it sent text instead of frames")]
    Text,
    /// The peer sent a frame that is too large.
    #[error("it sent a frame of {got} bytes, at most {MAX_FRAME_BYTES} are allowed")]
    FrameTooLarge {
        /// Bytes received.
        got: usize,
    },
    /// The peer sends faster than the node reads.
    #[error("more than {max} bytes wait to be read")]
    TooFast {
        /// The driver's bound.
        max: usize,
    },
    /// The peer reads too slowly.
    #[error("more than {max} bytes wait to be sent")]
    SlowReader {
        /// The driver's bound.
        max: usize,
    },
    /// The driver closed the connection to dial anew: after a sleep or a change of network a connection may be dead for
    /// minutes before anybody notices.
    #[error("replaced by a new connection")]
    Renewed,
    /// The words of the operating system, a library or a browser.
    #[error("{0}")]
    System(String),
}
