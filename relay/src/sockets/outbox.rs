use axum::body::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// Most bytes that may wait for one peer: all the blocks it may ask for at once, and some room.
pub const MAX_QUEUED_BYTES: usize = 40_000_000;
/// Most bytes that may wait for all peers together.
pub const MAX_QUEUED_BYTES_IN_ALL: usize = 256_000_000;
/// What a queued frame costs beside its bytes.
const FRAME_OVERHEAD: usize = 64;

/// Bytes waiting, for one peer or for all.
pub(super) type Gauge = Arc<AtomicUsize>;

/// What waits to be sent to one peer, in order.
#[derive(Debug)]
pub(super) struct Outbox {
    sender: mpsc::UnboundedSender<Parcel>,
    own: Gauge,
    all: Gauge,
}

/// The other end of an outbox.
pub(super) type Mail = mpsc::UnboundedReceiver<Parcel>;

/// One thing to do.
#[derive(Debug)]
pub(super) enum Parcel {
    /// Send this.
    Frame(Bytes, Weight),
    /// Nothing more comes: close.
    Close,
}

/// A frame's share of the bounds, given back when dropped.
#[derive(Debug)]
pub(super) struct Weight {
    bytes: usize,
    /// Of these, what counts against the bound for all.
    unshared: usize,
    own: Gauge,
    all: Gauge,
}

impl Outbox {
    /// An empty outbox; `all` counts for all peers.
    pub(super) fn new(all: Gauge) -> (Self, Mail) {
        // The queue itself has no bound: the gauges bound what is put into it.
        let (sender, mail) = mpsc::unbounded_channel();
        (Self { sender, own: Gauge::default(), all }, mail)
    }

    /// Queues a frame; false when a bound would be broken. A frame that others hold as well takes
    /// no memory of its own: the node shares announcements and the tip's block only.
    pub(super) fn put(&self, frame: Bytes) -> bool {
        let size = frame.len() + FRAME_OVERHEAD;
        let weight = Weight::new(size, if frame.is_unique() { size } else { FRAME_OVERHEAD }, &self.own, &self.all);
        let fits = self.own.load(Ordering::Relaxed) <= MAX_QUEUED_BYTES
            && self.all.load(Ordering::Relaxed) <= MAX_QUEUED_BYTES_IN_ALL;
        // A connection that is just ending takes nothing more, which is no fault of its bounds.
        fits && (self.sender.send(Parcel::Frame(frame, weight)).is_ok() || self.sender.is_closed())
    }

    /// Says that nothing more comes.
    pub(super) fn close(&self) {
        let _ = self.sender.send(Parcel::Close);
    }
}

impl Weight {
    fn new(bytes: usize, unshared: usize, own: &Gauge, all: &Gauge) -> Self {
        own.fetch_add(bytes, Ordering::Relaxed);
        all.fetch_add(unshared, Ordering::Relaxed);
        Self { bytes, unshared, own: Arc::clone(own), all: Arc::clone(all) }
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.own.fetch_sub(self.bytes, Ordering::Relaxed);
        self.all.fetch_sub(self.unshared, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_outbox_takes_no_more_until_it_is_read() {
        let all = Gauge::default();
        let (outbox, mut mail) = Outbox::new(Arc::clone(&all));
        let frame = || Bytes::from(vec![0; MAX_QUEUED_BYTES / 4]);
        let taken = (0..10).take_while(|_| outbox.put(frame())).count();
        assert_eq!(taken, 3);
        assert!(mail.try_recv().is_ok());
        assert!(outbox.put(frame()));
        drop(mail);
        assert_eq!(all.load(Ordering::Relaxed), 0, "a dropped queue gives its bytes back");
        assert!(outbox.put(frame()), "an ended connection is not a slow one");
    }

    #[test]
    fn a_shared_frame_counts_for_each_reader_but_not_for_all() {
        let all = Gauge::default();
        let (outbox, mut mail) = Outbox::new(Arc::clone(&all));
        let frame = Bytes::from(vec![0; 1_000]);
        assert!(outbox.put(frame.clone()));
        assert_eq!(outbox.own.load(Ordering::Relaxed), 1_000 + FRAME_OVERHEAD);
        assert_eq!(all.load(Ordering::Relaxed), FRAME_OVERHEAD);
        drop(mail.try_recv());
        assert_eq!((outbox.own.load(Ordering::Relaxed), all.load(Ordering::Relaxed)), (0, 0));
    }
}
