//! Who the node is connected to, and whom it wants to be.

mod bans;
mod budget;
mod clock;
mod dialer;
mod eviction;
mod id;
mod peer;
mod told_payments;

pub use crate::wire::{MAX_ADDRESS_BYTES, NetworkGroup, PeerAddress, PeerAddressError, Reach, subscriber};
pub(crate) use bans::Bans;
pub use clock::{CLOCKS_AGREE, ClockComparison};
pub(crate) use clock::{ClockVoter, ClockVotes, PeersTime};
pub(crate) use dialer::Dialer;
pub use dialer::{AbsentNeighbour, MAX_NEIGHBOURS};
pub(crate) use eviction::to_evict;
pub use id::{Direction, PeerId};
pub use peer::PeerInfo;
pub(crate) use peer::{Closing, Goal, HeadersState, Peer};
