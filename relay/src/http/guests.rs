use fedcoin_node::peers::subscriber;
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Whoever is not connected is forgotten when so many addresses are remembered.
const SWEEP_AT: usize = 10_000;
/// An address may open as many connections as it may hold, and that many again in this time.
const REFILL: Duration = Duration::from_secs(5);

/// Limits each address: how many connections it holds, and how fast it opens them.
///
/// Bound: an entry for each connection, and 10,000 others.
#[derive(Debug)]
pub struct Guests {
    max: u32,
    addresses: Mutex<HashMap<IpAddr, Guest>>,
    crowds: AtomicU64,
    hurries: AtomicU64,
}

#[derive(Debug)]
struct Guest {
    open: u32,
    /// Connections that may be opened now; grows with time, up to `max`.
    left: f64,
    updated: Instant,
}

/// One connection's place, given back when dropped.
#[derive(Debug)]
pub(super) struct Visit {
    guests: Arc<Guests>,
    address: IpAddr,
}

/// Why an address may open no further connection now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Crowded {
    /// It holds as many as it may.
    #[error("{0} connections from this address are open already")]
    Open(u32),
    /// It opens them too fast.
    #[error("this address opens connections too fast; try again in a few seconds")]
    Fast,
}

impl Guests {
    /// At most `max` connections from each address.
    #[must_use]
    pub fn new(max: NonZeroU32) -> Arc<Self> {
        let (crowds, hurries) = (AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Self { max: max.get(), addresses: Mutex::default(), crowds, hurries })
    }

    /// Connections refused because their address held as many as it may, and because it opened them
    /// too fast.
    #[must_use]
    pub fn refused(&self) -> (u64, u64) {
        (self.crowds.load(Ordering::Relaxed), self.hurries.load(Ordering::Relaxed))
    }

    /// A place for one more connection from `address`.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr, now: Instant) -> Result<Visit, Crowded> {
        let address = subscriber(address);
        let mut addresses = self.lock();
        if addresses.len() >= SWEEP_AT {
            addresses.retain(|_, guest| guest.open > 0 || now.duration_since(guest.updated) < REFILL);
        }
        let max = f64::from(self.max);
        let guest = addresses.entry(address).or_insert(Guest { open: 0, left: max, updated: now });
        let passed = now.duration_since(guest.updated).as_secs_f64() / REFILL.as_secs_f64();
        guest.left = (guest.left + max * passed).min(max);
        guest.updated = now;
        if guest.open >= self.max {
            self.crowds.fetch_add(1, Ordering::Relaxed);
            return Err(Crowded::Open(guest.open));
        }
        if guest.left < 1.0 {
            self.hurries.fetch_add(1, Ordering::Relaxed);
            return Err(Crowded::Fast);
        }
        guest.left -= 1.0;
        guest.open += 1;
        Ok(Visit { guests: Arc::clone(self), address })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Guest>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if let Some(guest) = self.guests.lock().get_mut(&self.address) {
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
        let visits: Vec<Visit> = (0..3).map(|_| guests.enter(ip("10.0.0.1"), now).unwrap()).collect();
        assert_eq!(guests.enter(ip("10.0.0.1"), now).unwrap_err(), Crowded::Open(3));
        assert!(guests.enter(ip("10.0.0.2"), now).is_ok(), "others have places of their own");
        drop(visits);
        assert!(guests.enter(ip("::ffff:10.0.0.1"), now + REFILL).is_ok(), "places are given back");
        let first = guests.enter(ip("2001:db8::1"), now).unwrap();
        for n in 2..4 {
            std::mem::forget(guests.enter(ip(&format!("2001:db8::{n}")), now).unwrap());
        }
        assert_eq!(guests.enter(ip("2001:db8::5"), now).unwrap_err(), Crowded::Open(3), "a subnet is one address");
        drop(first);
    }

    #[test]
    fn an_address_opens_connections_at_a_rate() {
        let (guests, start) = (guests(10), Instant::now());
        let opened = |at: Instant| (0..100).filter(|_| guests.enter(ip("10.0.0.1"), at).is_ok()).count();
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
            drop(guests.enter(std::net::Ipv4Addr::from_bits(n).into(), at));
        }
        assert!(guests.lock().len() <= SWEEP_AT);
    }
}
