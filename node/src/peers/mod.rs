//! Who the node is connected to, and whom it wants to be.

mod address;
mod bans;
mod budget;
mod clock;
mod dialer;
mod eviction;
mod peer;
mod told_payments;

pub(crate) use address::Reach;
pub use address::{Direction, MAX_ADDRESS_BYTES, NetworkGroup, PeerAddress, PeerAddressError, PeerId, subscriber};
pub(crate) use bans::Bans;
pub use clock::{CLOCKS_AGREE, ClockComparison};
pub(crate) use clock::{ClockVoter, ClockVotes, PeersTime};
pub(crate) use dialer::Dialer;
pub use dialer::MAX_NEIGHBOURS;
pub(crate) use eviction::to_evict;
pub(crate) use peer::{Closing, Goal, HeadersState, Peer};
