//! Who the node is connected to, and whom it wants to be.

mod bans;
mod budget;
mod clock;
mod dialer;
mod eviction;
mod peer;

pub use crate::peer_id::{Direction, PeerId};
pub use crate::status::{AbsentNeighbour, CLOCKS_AGREE, ClockComparison, PeerInfo};
pub use crate::wire::{MAX_ADDRESS_BYTES, NetworkGroup, PeerAddress, PeerAddressError, Reach, subscriber};
pub(crate) use bans::Bans;
pub(crate) use clock::{ClockVoter, ClockVotes, PeersTime};
pub(crate) use dialer::Dialer;
pub use dialer::MAX_NEIGHBOURS;
pub(crate) use eviction::to_evict;
pub(crate) use peer::{Closing, Peer};
