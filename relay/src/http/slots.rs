use crate::access::subnet;
use crate::log::LogThrottle;
use axum::body::Bytes;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Notify;

/// Maximum bytes of unread API answers, over all connections.
const MAX_UNREAD: usize = 64_000_000;

/// Slots for connections that carry requests. A new connection always gets a slot: if all are taken, the subnet with
/// the most slots loses its longest idle connection. To keep others out, an attacker needs as many subnets as there are
/// slots.
#[derive(Debug)]
pub(super) struct Slots {
    max: usize,
    open: Mutex<HashMap<u64, TakenSlot>>,
    next_id: AtomicU64,
    start: Instant,
    log: LogThrottle,
}

#[derive(Debug)]
struct TakenSlot {
    /// `None` for a proxy, whose connections carry requests of many clients.
    subnet: Option<IpAddr>,
    activity: Arc<Activity>,
}

/// The activity of a connection with a slot.
#[derive(Debug)]
pub(super) struct Activity {
    /// Time of the last read or write, in milliseconds since `start`.
    last: AtomicU64,
    start: Instant,
    /// Bytes of answers not yet written.
    unread: AtomicUsize,
    /// Signals that the connection must end at once.
    evicted: Notify,
}

impl Activity {
    /// Records that bytes were read or written.
    pub(super) fn record(&self) {
        self.last.store(self.start.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// Returns when the connection must end.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }
}

/// A connection's slot, returned on drop.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<Slots>,
    id: u64,
    pub(super) activity: Arc<Activity>,
}

/// Bytes of an answer, counted as unread until they are dropped.
struct Unread {
    bytes: Bytes,
    activity: Arc<Activity>,
}

impl Slots {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            max,
            open: Mutex::default(),
            next_id: AtomicU64::new(0),
            start: Instant::now(),
            log: LogThrottle::default(),
        })
    }

    /// Takes a slot for a connection from `address`; `None` means a proxy.
    pub(super) fn take(self: &Arc<Self>, address: Option<IpAddr>) -> Slot {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let (unread, evicted) = (AtomicUsize::new(0), Notify::new());
        let activity = Arc::new(Activity { last: AtomicU64::new(0), start: self.start, unread, evicted });
        activity.record();
        let mut open = self.lock();
        if open.len() >= self.max {
            self.evict(&mut open, |_| 1);
        }
        open.insert(id, TakenSlot { subnet: address.map(subnet), activity: Arc::clone(&activity) });
        Slot { slots: Arc::clone(self), id, activity }
    }

    /// Ends a connection to free its file handle.
    pub(super) fn make_room(&self) {
        self.evict(&mut self.lock(), |_| 1);
    }

    /// Ends the longest idle connection of the subnet with the greatest total weight. Each connection of a proxy counts
    /// as a subnet of its own.
    fn evict(&self, open: &mut HashMap<u64, TakenSlot>, weight: impl Fn(&Activity) -> usize) {
        let mut subnets: HashMap<IpAddr, usize> = HashMap::new();
        for taken in open.values() {
            if let Some(subnet) = taken.subnet {
                *subnets.entry(subnet).or_default() += weight(&taken.activity);
            }
        }
        let of_subnet =
            |taken: &TakenSlot| taken.subnet.map_or_else(|| weight(&taken.activity), |subnet| subnets[&subnet]);
        let candidates = open.iter().filter(|(_, taken)| weight(&taken.activity) > 0);
        let chosen = candidates.max_by_key(|(id, taken)| {
            let idle = u64::MAX - taken.activity.last.load(Ordering::Relaxed);
            (of_subnet(taken), idle, u64::MAX - **id)
        });
        let Some(taken) = chosen.map(|(id, _)| *id).and_then(|id| open.remove(&id)) else { return };
        taken.activity.evicted.notify_one();
        if let Some(others) = self.log.due() {
            let of = taken.subnet.map_or_else(|| "a proxy".to_owned(), |subnet| subnet.to_string());
            tracing::warn!("all slots for requests are taken: closed a connection of {of}{others}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, TakenSlot>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Counts an answer as unread until it is written. Above [`MAX_UNREAD`], the subnet with the most unread bytes
    /// loses connections.
    pub(super) fn count_unread(&self, bytes: Bytes) -> Bytes {
        self.activity.unread.fetch_add(bytes.len(), Ordering::Relaxed);
        let bytes = Bytes::from_owner(Unread { bytes, activity: Arc::clone(&self.activity) });
        let mut open = self.slots.lock();
        let unread = |activity: &Activity| activity.unread.load(Ordering::Relaxed);
        while open.values().map(|taken| unread(&taken.activity)).sum::<usize>() > MAX_UNREAD {
            self.slots.evict(&mut open, unread);
        }
        bytes
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.lock().remove(&self.id);
    }
}

impl AsRef<[u8]> for Unread {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        self.activity.unread.fetch_sub(self.bytes.len(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    fn is_evicted(slot: &Slot) -> bool {
        !slot.slots.lock().contains_key(&slot.id) && slot.activity.evicted().now_or_never().is_some()
    }

    #[test]
    fn the_longest_idle_connection_of_the_largest_subnet_is_evicted() {
        let slots = Slots::new(5);
        let few = [slots.take(ip("10.0.0.1")), slots.take(None)];
        let many = ["2001:db8::1", "2001:db8:0:ff::1", "2001:db8:0:1::1"].map(|address| slots.take(ip(address)));
        many[0].activity.last.store(9, Ordering::Relaxed);
        many[1].activity.last.store(8, Ordering::Relaxed);
        many[2].activity.last.store(9, Ordering::Relaxed);
        let newcomer = slots.take(ip("10.0.0.2"));
        assert_eq!(many.each_ref().map(is_evicted), [false, true, false]);
        assert!(few.iter().chain([&newcomer]).all(|slot| !is_evicted(slot)));
        // The largest subnet cannot evict connections of others.
        let _again = [slots.take(ip("2001:db8:0:2::1")), slots.take(ip("2001:db8:0:3::1"))];
        assert!(few.iter().chain([&newcomer]).all(|slot| !is_evicted(slot)));
        drop(newcomer);
        assert!(slots.lock().len() <= 5);
    }

    #[test]
    fn the_subnet_with_the_most_unread_bytes_is_evicted() {
        let slots = Slots::new(9);
        let greedy = [slots.take(ip("10.0.0.1")), slots.take(ip("10.0.0.1"))];
        let honest = slots.take(ip("10.0.0.2"));
        let mut held: Vec<Bytes> = Vec::new();
        let answer = |slot: &Slot| slot.count_unread(vec![0; MAX_UNREAD / 4].into());
        held.extend(greedy.iter().chain(&greedy).map(answer));
        assert!(!greedy.iter().any(is_evicted), "exactly at the limit");
        let read = answer(&honest);
        assert_eq!(greedy.iter().filter(|slot| is_evicted(slot)).count(), 1);
        assert!(!is_evicted(&honest) && read.len() == MAX_UNREAD / 4);
        drop(held);
        assert!(greedy.iter().all(|slot| slot.activity.unread.load(Ordering::Relaxed) == 0), "read or dropped");
    }
}
