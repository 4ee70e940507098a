//! What peers say to each other: one borsh enum per WebSocket message (rules W1 to W9).

mod message;

pub use message::{
    Goodbye, Hello, MAX_ADDRESSES, MAX_BLOCKS_ASKED, MAX_FRAME_BYTES, MAX_HEADERS, MAX_INV, MAX_LOCATOR,
    MAX_PAYMENTS_ASKED, MAX_USER_AGENT_BYTES, Message, PROTOCOL_VERSION, WireError,
};
