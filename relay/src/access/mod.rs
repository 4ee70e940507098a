//! Access control: connections per address, allowed hosts and origins, trusted proxies, and the operator's cookie.

mod cookie;
mod hosts;
mod limiter;
mod origins;
mod proxies;

pub use cookie::Cookie;
pub(crate) use cookie::Requester;
pub use hosts::AllowedHosts;
pub(crate) use hosts::check_host;
pub use limiter::ConnectionLimiter;
pub(crate) use limiter::{ConnectionKind, LimitExceeded, Permit, subnet};
pub(crate) use origins::PeerOrigins;
pub use origins::{AllowedOrigin, OriginError};
pub use proxies::TrustedProxies;
