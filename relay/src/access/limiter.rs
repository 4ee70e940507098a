use crate::feed::MAX_SUBSCRIBERS;
use crate::log::LogThrottle;
use crate::problem::{Problem, ProblemKind};
use crate::token_bucket::TokenBucket;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Above this many subnets, the limiter forgets those without a connection.
const SWEEP_AT: usize = 10_000;
/// Time in which a subnet may open as many connections as it may hold at once.
const REFILL: Duration = Duration::from_secs(5);

/// Limits how many connections each subnet holds, and how fast it opens them. Requests, peers and event streams have
/// separate limits, so the tabs of a school do not keep its other pupils from loading the page.
///
/// Bound: one entry per connection, and 10,000 others.
#[derive(Debug)]
pub struct ConnectionLimiter {
    max: u32,
    subnets: Mutex<HashMap<(ConnectionKind, IpAddr), Usage>>,
    refused_full: AtomicU64,
    refused_fast: AtomicU64,
    log: LogThrottle,
}

/// The purpose of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ConnectionKind {
    /// Page and API.
    Requests,
    /// A peer's WebSocket.
    Peer,
    /// A stream of events. Its connection also counts as [`ConnectionKind::Requests`].
    Events,
}

/// Maximum event streams of one subnet: a quarter of all.
const MAX_EVENT_STREAMS: u32 = MAX_SUBSCRIBERS as u32 / 4;

/// The connections of one subnet.
#[derive(Debug)]
struct Usage {
    open: u32,
    bucket: TokenBucket,
}

/// Permission for one connection, returned on drop.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Arc<ConnectionLimiter>,
    key: (ConnectionKind, IpAddr),
}

/// Why an address may not open another connection now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LimitExceeded {
    /// The subnet holds the maximum number of connections.
    #[error("{0} connections from this address are open already")]
    TooMany(u32),
    /// The subnet opens connections too fast.
    #[error("this address opens connections too fast; try again in a few seconds")]
    TooFast,
}

impl IntoResponse for LimitExceeded {
    fn into_response(self) -> Response {
        let problem = Problem::new(ProblemKind::TOO_MANY_CONNECTIONS, self.to_string());
        ([(header::RETRY_AFTER, REFILL.as_secs().to_string())], problem).into_response()
    }
}

/// The addresses that one party is likely to control: a single IPv4 address, or the /48 of an IPv6 address, the largest
/// prefix that providers assign to a customer (RFC 6177).
pub(crate) fn subnet(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 80 << 80)),
        ip @ IpAddr::V4(_) => ip,
    }
}

impl ConnectionLimiter {
    /// Allows at most `max` connections of each kind from each subnet.
    #[must_use]
    pub fn new(max: NonZeroU32) -> Arc<Self> {
        Arc::new(Self {
            max: max.get(),
            subnets: Mutex::default(),
            refused_full: AtomicU64::new(0),
            refused_fast: AtomicU64::new(0),
            log: LogThrottle::default(),
        })
    }

    /// Numbers of refused connections: from subnets at their maximum, and from subnets that opened them too fast.
    #[must_use]
    pub fn refused(&self) -> (u64, u64) {
        (self.refused_full.load(Ordering::Relaxed), self.refused_fast.load(Ordering::Relaxed))
    }

    /// Permits one more connection from `address`, if its limits allow it.
    pub(crate) fn acquire(
        self: &Arc<Self>,
        kind: ConnectionKind,
        address: IpAddr,
        now: Instant,
    ) -> Result<Permit, LimitExceeded> {
        let key = (kind, subnet(address));
        let refused = match self.count(key, now) {
            Ok(()) => return Ok(Permit { limiter: Arc::clone(self), key }),
            Err(refused) => refused,
        };
        let counter = if refused == LimitExceeded::TooFast { &self.refused_fast } else { &self.refused_full };
        counter.fetch_add(1, Ordering::Relaxed);
        if let Some(others) = self.log.due() {
            tracing::warn!("refused a connection from {address}: {refused}{others}");
        }
        Err(refused)
    }

    fn count(&self, key: (ConnectionKind, IpAddr), now: Instant) -> Result<(), LimitExceeded> {
        let mut subnets = self.lock();
        if subnets.len() >= SWEEP_AT {
            subnets.retain(|_, usage| usage.open > 0 || !usage.bucket.is_full(now));
        }
        let max = if key.0 == ConnectionKind::Events { self.max.min(MAX_EVENT_STREAMS) } else { self.max };
        let usage = subnets.entry(key).or_insert_with(|| {
            let capacity = f64::from(max);
            Usage { open: 0, bucket: TokenBucket::new(capacity, capacity / REFILL.as_secs_f64(), now) }
        });
        if usage.open >= max {
            return Err(LimitExceeded::TooMany(usage.open));
        }
        if !usage.bucket.try_take(1.0, now) {
            return Err(LimitExceeded::TooFast);
        }
        usage.open += 1;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(ConnectionKind, IpAddr), Usage>> {
        self.subnets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(usage) = self.limiter.lock().get_mut(&self.key) {
            usage.open -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(max: u32) -> Arc<ConnectionLimiter> {
        ConnectionLimiter::new(NonZeroU32::new(max).unwrap())
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_holds_a_limited_number_of_connections() {
        let (limiter, now) = (limiter(3), Instant::now());
        let acquire = |address: &str, now| limiter.acquire(ConnectionKind::Requests, ip(address), now);
        let permits: Vec<Permit> = (0..3).map(|_| acquire("10.0.0.1", now).unwrap()).collect();
        assert_eq!(acquire("10.0.0.1", now).unwrap_err(), LimitExceeded::TooMany(3));
        assert!(acquire("10.0.0.2", now).is_ok(), "other subnets have their own limit");
        drop(permits);
        assert!(acquire("::ffff:10.0.0.1", now + REFILL).is_ok(), "permits are given back");
    }

    #[test]
    fn a_subnet_gets_only_part_of_the_event_streams() {
        let (limiter, now) = (limiter(1_000), Instant::now());
        let acquire = |address: &str| limiter.acquire(ConnectionKind::Events, ip(address), now).ok();
        let streams: Vec<_> = (0..10 * MAX_EVENT_STREAMS).filter_map(|_| acquire("10.0.0.1")).collect();
        assert_eq!(streams.len() as u32, MAX_EVENT_STREAMS);
        assert!(acquire("10.0.0.2").is_some());
    }

    #[test]
    fn an_ipv6_network_is_one_subnet() {
        let (limiter, now) = (limiter(3), Instant::now());
        let acquire = |address: &str| limiter.acquire(ConnectionKind::Requests, ip(address), now);
        // Addresses of one /64, one /56 and one /48.
        let same = ["2001:db8:7::1", "2001:db8:7:1::1", "2001:db8:7:ff00::1"].map(|address| acquire(address).unwrap());
        assert_eq!(acquire("2001:db8:7:ffff::9").unwrap_err(), LimitExceeded::TooMany(3));
        assert!(acquire("2001:db8:8::1").is_ok());
        drop(same);
    }

    #[test]
    fn peers_and_requests_have_separate_limits() {
        let (limiter, now) = (limiter(2), Instant::now());
        let peers = [(); 2].map(|()| limiter.acquire(ConnectionKind::Peer, ip("10.0.0.1"), now).unwrap());
        let refused = limiter.acquire(ConnectionKind::Peer, ip("10.0.0.1"), now).unwrap_err();
        assert_eq!(refused, LimitExceeded::TooMany(2));
        assert!(limiter.acquire(ConnectionKind::Requests, ip("10.0.0.1"), now).is_ok());
        drop(peers);
    }

    #[test]
    fn the_rate_of_new_connections_is_limited() {
        let (limiter, start) = (limiter(10), Instant::now());
        let acquire = |at: Instant| limiter.acquire(ConnectionKind::Requests, ip("10.0.0.1"), at);
        let opened = |at: Instant| (0..100).filter(|_| acquire(at).is_ok()).count();
        assert_eq!(opened(start), 10);
        assert_eq!(opened(start), 0);
        assert_eq!(opened(start + REFILL / 2), 5);
        assert_eq!(opened(start + REFILL * 9), 10);
    }

    #[test]
    fn subnets_without_connections_are_forgotten() {
        let (limiter, start) = (limiter(10), Instant::now());
        for n in 0..3 * SWEEP_AT as u32 {
            let at = start + REFILL * (n / (SWEEP_AT as u32 / 2));
            drop(limiter.acquire(ConnectionKind::Requests, std::net::Ipv4Addr::from_bits(n).into(), at));
        }
        assert!(limiter.lock().len() <= SWEEP_AT);
    }
}
