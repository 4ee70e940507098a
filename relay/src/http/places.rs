use super::guests::site;
use crate::log::Seldom;
use axum::body::Bytes;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Notify;

/// Most bytes of the API's answers that wait to be read, all connections together.
const MAX_UNREAD: usize = 64_000_000;

/// The connections that carry requests. A newcomer always gets a place: when all are taken, the site that has most
/// of them loses the connection that has been idle longest. So nobody can keep others out who does not have as many
/// sites as there are places.
#[derive(Debug)]
pub(super) struct Places {
    max: usize,
    open: Mutex<HashMap<u64, Taken>>,
    named: AtomicU64,
    begun: Instant,
    told: Seldom,
}

#[derive(Debug)]
struct Taken {
    /// None of a proxy, whose connections bring the requests of many.
    site: Option<IpAddr>,
    use_of: Arc<Use>,
}

/// What is known of a connection in use.
#[derive(Debug)]
pub(super) struct Use {
    /// When bytes last went through, in milliseconds since `begun`.
    moved: AtomicU64,
    begun: Instant,
    /// Bytes of answers not yet written.
    unread: AtomicUsize,
    /// The connection shall end at once.
    evicted: Notify,
}

impl Use {
    /// Bytes went through.
    pub(super) fn moved(&self) {
        self.moved.store(self.begun.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// Returns when the connection is to end.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }
}

/// A connection's place, given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    name: u64,
    pub(super) use_of: Arc<Use>,
}

/// Bytes of an answer that count as unread until they are dropped.
struct Unread {
    bytes: Bytes,
    use_of: Arc<Use>,
}

impl Places {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            max,
            open: Mutex::default(),
            named: AtomicU64::new(0),
            begun: Instant::now(),
            told: Seldom::default(),
        })
    }

    /// A place for a connection from `address`, or for one of a proxy's.
    pub(super) fn take(self: &Arc<Self>, address: Option<IpAddr>) -> Place {
        let name = self.named.fetch_add(1, Ordering::Relaxed);
        let (unread, evicted) = (AtomicUsize::new(0), Notify::new());
        let use_of = Arc::new(Use { moved: AtomicU64::new(0), begun: self.begun, unread, evicted });
        use_of.moved();
        let mut open = self.lock();
        if open.len() >= self.max {
            self.evict(&mut open, |_| 1);
        }
        open.insert(name, Taken { site: address.map(site), use_of: Arc::clone(&use_of) });
        Place { places: Arc::clone(self), name, use_of }
    }

    /// Ends a connection, so that the system has a file for another.
    pub(super) fn make_room(&self) {
        self.evict(&mut self.lock(), |_| 1);
    }

    /// Ends the longest idle connection of the site that takes the most by this measure; the connections of
    /// proxies are sites of their own.
    fn evict(&self, open: &mut HashMap<u64, Taken>, weight: impl Fn(&Use) -> usize) {
        let mut sites: HashMap<IpAddr, usize> = HashMap::new();
        for taken in open.values() {
            if let Some(site) = taken.site {
                *sites.entry(site).or_default() += weight(&taken.use_of);
            }
        }
        let of_site = |taken: &Taken| taken.site.map_or_else(|| weight(&taken.use_of), |site| sites[&site]);
        let candidates = open.iter().filter(|(_, taken)| weight(&taken.use_of) > 0);
        let chosen = candidates.max_by_key(|(name, taken)| {
            let idle = u64::MAX - taken.use_of.moved.load(Ordering::Relaxed);
            (of_site(taken), idle, u64::MAX - **name)
        });
        let Some(taken) = chosen.map(|(name, _)| *name).and_then(|name| open.remove(&name)) else { return };
        taken.use_of.evicted.notify_one();
        if let Some(others) = self.told.due() {
            let of = taken.site.map_or_else(|| "a proxy".to_owned(), |site| site.to_string());
            tracing::warn!("all places for requests are taken: ended a connection of {of}{others}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Taken>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Counts an answer as unread until it is written. When too much is, the site that leaves most unread loses
    /// connections.
    pub(super) fn account(&self, bytes: Bytes) -> Bytes {
        self.use_of.unread.fetch_add(bytes.len(), Ordering::Relaxed);
        let bytes = Bytes::from_owner(Unread { bytes, use_of: Arc::clone(&self.use_of) });
        let mut open = self.places.lock();
        let unread = |used: &Use| used.unread.load(Ordering::Relaxed);
        while open.values().map(|taken| unread(&taken.use_of)).sum::<usize>() > MAX_UNREAD {
            self.places.evict(&mut open, unread);
        }
        bytes
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().remove(&self.name);
    }
}

impl AsRef<[u8]> for Unread {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        self.use_of.unread.fetch_sub(self.bytes.len(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    fn is_evicted(place: &Place) -> bool {
        !place.places.lock().contains_key(&place.name) && place.use_of.evicted().now_or_never().is_some()
    }

    #[test]
    fn the_longest_idle_of_the_largest_site_makes_room() {
        let places = Places::new(5);
        let few = [places.take(ip("10.0.0.1")), places.take(None)];
        let many = ["2001:db8::1", "2001:db8:0:ff::1", "2001:db8:0:1::1"].map(|address| places.take(ip(address)));
        many[0].use_of.moved.store(9, Ordering::Relaxed);
        many[1].use_of.moved.store(8, Ordering::Relaxed);
        many[2].use_of.moved.store(9, Ordering::Relaxed);
        let newcomer = places.take(ip("10.0.0.2"));
        assert_eq!(many.each_ref().map(is_evicted), [false, true, false]);
        assert!(few.iter().chain([&newcomer]).all(|place| !is_evicted(place)));
        // Who has most cannot drive others out.
        let _again = [places.take(ip("2001:db8:0:2::1")), places.take(ip("2001:db8:0:3::1"))];
        assert!(few.iter().chain([&newcomer]).all(|place| !is_evicted(place)));
        drop(newcomer);
        assert!(places.lock().len() <= 5);
    }

    #[test]
    fn who_leaves_most_unread_makes_room_for_others() {
        let places = Places::new(9);
        let greedy = [places.take(ip("10.0.0.1")), places.take(ip("10.0.0.1"))];
        let honest = places.take(ip("10.0.0.2"));
        let mut held: Vec<Bytes> = Vec::new();
        let answer = |place: &Place| place.account(vec![0; MAX_UNREAD / 4].into());
        held.extend(greedy.iter().chain(&greedy).map(answer));
        assert!(!greedy.iter().any(is_evicted), "as much as may be");
        let read = answer(&honest);
        assert_eq!(greedy.iter().filter(|place| is_evicted(place)).count(), 1);
        assert!(!is_evicted(&honest) && read.len() == MAX_UNREAD / 4);
        drop(held);
        assert!(greedy.iter().all(|place| place.use_of.unread.load(Ordering::Relaxed) == 0), "read or given up");
    }
}
