//! Who the node is connected to, and whom it wants to be.

mod address;
mod budget;
mod dialer;
mod known_payments;
mod peer;

pub use address::{Direction, MAX_ADDRESS_BYTES, PeerAddress, PeerAddressError, PeerId};
pub(crate) use dialer::Dialer;
pub(crate) use peer::{HeadersState, Peer};
