//! The messages between peers: one borsh enum per frame (rules W1 to W10).
#![forbid(unsafe_code)]

mod compact_block;
mod frames;
mod message;
mod peer_address;

pub use compact_block::{CompactBlock, ShortId, ShortIds};
pub use frames::{FrameSplitter, FrameTooLarge, frame_head};
pub use message::{
    Goodbye, Hello, MAX_ADDRESSES, MAX_BLOCKS_REQUESTED, MAX_COMPACT, MAX_FRAME_BYTES, MAX_HEADERS, MAX_INV,
    MAX_LOCATOR, MAX_PAYMENTS_REQUESTED, MAX_USER_AGENT_BYTES, Message, PROTOCOL_VERSION, WireError,
};
pub use peer_address::{MAX_ADDRESS_BYTES, NetworkGroup, PeerAddress, PeerAddressError, Reach, subscriber};
