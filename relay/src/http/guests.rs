use crate::api::{Problem, ProblemKind};
use crate::feed::MAX_FOLLOWERS;
use crate::log::Seldom;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Whoever is not connected is forgotten when so many addresses are remembered.
const SWEEP_AT: usize = 10_000;
/// An address may open as many connections as it may hold, and that many again in this time.
const REFILL: Duration = Duration::from_secs(5);

/// Limits each site: how many connections it holds, and how fast it opens them. Requests and peers are counted
/// apart: a school's tabs do not keep its other pupils from loading the page.
///
/// Bound: an entry for each connection, and 10,000 others.
#[derive(Debug)]
pub struct Guests {
    max: u32,
    sites: Mutex<HashMap<(Purpose, IpAddr), Guest>>,
    crowds: AtomicU64,
    hurries: AtomicU64,
    told: Seldom,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    /// Page and API.
    Requests,
    /// A peer's WebSocket.
    Peer,
    /// Following what happens, over a connection that is counted already.
    Following,
}

/// Most streams of events that one site may read: others shall have places among all that there are.
const MAX_FOLLOWING: u32 = MAX_FOLLOWERS as u32 / 4;

#[derive(Debug)]
struct Guest {
    open: u32,
    /// Connections that may be opened now; grows with time, up to `max`.
    left: f64,
    updated: Instant,
}

/// One connection's place, given back when dropped.
#[derive(Debug)]
pub(crate) struct Visit {
    guests: Arc<Guests>,
    site: (Purpose, IpAddr),
}

/// Why an address may open no further connection now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Crowded {
    /// It holds as many as it may.
    #[error("{0} connections from this address are open already")]
    Open(u32),
    /// It opens them too fast.
    #[error("this address opens connections too fast; try again in a few seconds")]
    Fast,
}

impl IntoResponse for Crowded {
    fn into_response(self) -> Response {
        let problem = Problem::new(ProblemKind::TOO_MANY_CONNECTIONS, self.to_string());
        ([(header::RETRY_AFTER, REFILL.as_secs().to_string())], problem).into_response()
    }
}

/// What stands for all addresses that one party is likely to have: an IPv4 address itself, of an IPv6 address its
/// /48, the most that a provider gives a customer (RFC 6177).
pub(super) fn site(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 80 << 80)),
        ip @ IpAddr::V4(_) => ip,
    }
}

impl Guests {
    /// At most `max` connections of each purpose from each site.
    #[must_use]
    pub fn new(max: NonZeroU32) -> Arc<Self> {
        Arc::new(Self {
            max: max.get(),
            sites: Mutex::default(),
            crowds: AtomicU64::new(0),
            hurries: AtomicU64::new(0),
            told: Seldom::default(),
        })
    }

    /// Connections refused because their site held as many as it may, and because it opened them too fast.
    #[must_use]
    pub fn refused(&self) -> (u64, u64) {
        (self.crowds.load(Ordering::Relaxed), self.hurries.load(Ordering::Relaxed))
    }

    /// A place for one more connection from `address`.
    pub(super) fn enter(self: &Arc<Self>, purpose: Purpose, address: IpAddr, now: Instant) -> Result<Visit, Crowded> {
        let site = (purpose, site(address));
        let refused = match self.admit(site, now) {
            Ok(()) => return Ok(Visit { guests: Arc::clone(self), site }),
            Err(refused) => refused,
        };
        let counter = if refused == Crowded::Fast { &self.hurries } else { &self.crowds };
        counter.fetch_add(1, Ordering::Relaxed);
        if let Some(others) = self.told.due() {
            tracing::warn!("refused a connection from {address}: {refused}{others}");
        }
        Err(refused)
    }

    /// A place for one more stream of events to `address`.
    pub(crate) fn follow(self: &Arc<Self>, address: IpAddr) -> Result<Visit, Crowded> {
        self.enter(Purpose::Following, address, Instant::now())
    }

    fn admit(&self, site: (Purpose, IpAddr), now: Instant) -> Result<(), Crowded> {
        let mut sites = self.lock();
        if sites.len() >= SWEEP_AT {
            sites.retain(|_, guest| guest.open > 0 || now.duration_since(guest.updated) < REFILL);
        }
        let most = if site.0 == Purpose::Following { self.max.min(MAX_FOLLOWING) } else { self.max };
        let max = f64::from(most);
        let guest = sites.entry(site).or_insert(Guest { open: 0, left: max, updated: now });
        let passed = now.duration_since(guest.updated).as_secs_f64() / REFILL.as_secs_f64();
        guest.left = (guest.left + max * passed).min(max);
        guest.updated = now;
        if guest.open >= most {
            return Err(Crowded::Open(guest.open));
        }
        if guest.left < 1.0 {
            return Err(Crowded::Fast);
        }
        guest.left -= 1.0;
        guest.open += 1;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Purpose, IpAddr), Guest>> {
        self.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if let Some(guest) = self.guests.lock().get_mut(&self.site) {
            guest.open -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests(max: u32) -> Arc<Guests> {
        Guests::new(NonZeroU32::new(max).unwrap())
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_holds_so_many_connections_and_no_more() {
        let (guests, now) = (guests(3), Instant::now());
        let visits: Vec<Visit> =
            (0..3).map(|_| guests.enter(Purpose::Requests, ip("10.0.0.1"), now).unwrap()).collect();
        assert_eq!(guests.enter(Purpose::Requests, ip("10.0.0.1"), now).unwrap_err(), Crowded::Open(3));
        assert!(guests.enter(Purpose::Requests, ip("10.0.0.2"), now).is_ok(), "others have places of their own");
        drop(visits);
        assert!(guests.enter(Purpose::Requests, ip("::ffff:10.0.0.1"), now + REFILL).is_ok(), "places are given back");
    }

    #[test]
    fn a_site_follows_on_a_part_of_the_streams() {
        let guests = guests(1_000);
        let streams: Vec<_> = (0..10 * MAX_FOLLOWING).filter_map(|_| guests.follow(ip("10.0.0.1")).ok()).collect();
        assert_eq!(streams.len() as u32, MAX_FOLLOWING);
        assert!(guests.follow(ip("10.0.0.2")).is_ok());
    }

    #[test]
    fn an_ipv6_network_is_one_site() {
        let (guests, now) = (guests(3), Instant::now());
        let enter = |address: &str| guests.enter(Purpose::Requests, ip(address), now);
        // Of one /64, of one /56, of one /48.
        let same = ["2001:db8:7::1", "2001:db8:7:1::1", "2001:db8:7:ff00::1"].map(|address| enter(address).unwrap());
        assert_eq!(enter("2001:db8:7:ffff::9").unwrap_err(), Crowded::Open(3));
        assert!(enter("2001:db8:8::1").is_ok());
        drop(same);
    }

    #[test]
    fn peers_and_requests_have_places_of_their_own() {
        let (guests, now) = (guests(2), Instant::now());
        let peers = [(); 2].map(|()| guests.enter(Purpose::Peer, ip("10.0.0.1"), now).unwrap());
        assert_eq!(guests.enter(Purpose::Peer, ip("10.0.0.1"), now).unwrap_err(), Crowded::Open(2));
        assert!(guests.enter(Purpose::Requests, ip("10.0.0.1"), now).is_ok());
        drop(peers);
    }

    #[test]
    fn an_address_opens_connections_at_a_rate() {
        let (guests, start) = (guests(10), Instant::now());
        let opened =
            |at: Instant| (0..100).filter(|_| guests.enter(Purpose::Requests, ip("10.0.0.1"), at).is_ok()).count();
        assert_eq!(opened(start), 10);
        assert_eq!(opened(start), 0);
        assert_eq!(opened(start + REFILL / 2), 5);
        assert_eq!(opened(start + REFILL * 9), 10);
    }

    #[test]
    fn addresses_that_are_gone_are_forgotten() {
        let (guests, start) = (guests(10), Instant::now());
        for n in 0..3 * SWEEP_AT as u32 {
            let at = start + REFILL * (n / (SWEEP_AT as u32 / 2));
            drop(guests.enter(Purpose::Requests, std::net::Ipv4Addr::from_bits(n).into(), at));
        }
        assert!(guests.lock().len() <= SWEEP_AT);
    }
}
