use axum::body::Bytes;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// Maximum bytes that may wait for one peer: all the blocks that it may request at once, and some margin.
pub const MAX_QUEUED_BYTES: usize = 40_000_000;
/// Maximum bytes that may wait for all peers together.
pub const MAX_QUEUED_BYTES_IN_ALL: usize = 256_000_000;
/// Memory of a queued frame besides its bytes.
const FRAME_OVERHEAD: usize = 64;
/// An empty queue frees its memory above this capacity.
const KEPT_CAPACITY: usize = 4;

/// Bytes waiting for all peers together.
pub(super) type Gauge = Arc<AtomicUsize>;

/// The frames that wait for one peer, in order: the sending end.
#[derive(Debug)]
pub(super) struct Outbox(Arc<Queue>);

/// Why a frame was not queued.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// The limit for this peer is reached.
    Queue,
    /// The limit for all peers together is reached; returns the frame.
    All(Bytes),
}

/// The receiving end of an outbox.
#[derive(Debug)]
pub(super) struct OutboxReceiver(Arc<Queue>);

#[derive(Debug)]
struct Queue {
    state: Mutex<State>,
    all: Gauge,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<QueuedFrame>,
    /// Bytes of all frames, plus [`FRAME_OVERHEAD`] each.
    bytes: usize,
    /// Bytes of unshared frames, which count towards the limit for all peers.
    unshared: usize,
    /// No more frames will be queued.
    closed: bool,
    /// Nobody reads any more.
    abandoned: bool,
    /// The reader's waker, while it waits.
    reader: Option<Waker>,
}

#[derive(Debug)]
struct QueuedFrame {
    frame: Bytes,
    /// Bytes that count towards the limit for all peers.
    unshared: usize,
}

impl Outbox {
    /// An empty outbox; `all` is the gauge of all peers.
    pub(super) fn new(all: Gauge) -> (Self, OutboxReceiver) {
        let queue = Arc::new(Queue { state: Mutex::default(), all });
        (Self(Arc::clone(&queue)), OutboxReceiver(queue))
    }

    /// Queues a frame. A shared frame takes no memory of its own; the node shares announcements, payments and the tip's
    /// block only.
    ///
    /// # Errors
    /// [`Full`]: a limit would be exceeded.
    pub(super) fn put(&self, frame: Bytes) -> Result<(), Full> {
        let size = frame.len() + FRAME_OVERHEAD;
        let unshared = if frame.is_unique() { size } else { FRAME_OVERHEAD };
        let mut state = self.0.lock();
        if state.abandoned {
            // An ending connection accepts nothing more, but that does not make its peer a slow reader.
            return Ok(());
        }
        if state.bytes + size > MAX_QUEUED_BYTES {
            return Err(Full::Queue);
        }
        if self.0.all.load(Ordering::Relaxed) + unshared > MAX_QUEUED_BYTES_IN_ALL {
            return Err(Full::All(frame));
        }
        self.0.all.fetch_add(unshared, Ordering::Relaxed);
        state.bytes += size;
        state.unshared += unshared;
        state.frames.push_back(QueuedFrame { frame, unshared });
        wake(state);
        Ok(())
    }

    /// Bytes that wait, with the overhead of each frame.
    pub(super) fn bytes(&self) -> usize {
        self.0.lock().bytes
    }

    /// Bytes that wait and count towards the limit for all peers.
    pub(super) fn unshared(&self) -> usize {
        self.0.lock().unshared
    }

    /// Drops all frames, and accepts no more.
    pub(super) fn abandon(&self) {
        self.0.lock().abandon(&self.0.all);
    }

    /// Closes the outbox: no more frames follow.
    pub(super) fn close(&self) {
        let mut state = self.0.lock();
        state.closed = true;
        wake(state);
    }
}

impl OutboxReceiver {
    /// The next frame; `None` when the outbox is closed and empty.
    pub(super) async fn next(&mut self) -> Option<Bytes> {
        poll_fn(|context| {
            let mut state = self.0.lock();
            if let Some(frame) = state.take(&self.0.all) {
                return Poll::Ready(Some(frame));
            }
            if state.closed {
                return Poll::Ready(None);
            }
            state.reader = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// The next frame, if one is waiting.
    pub(super) fn try_next(&mut self) -> Option<Bytes> {
        self.0.lock().take(&self.0.all)
    }
}

impl Drop for OutboxReceiver {
    fn drop(&mut self) {
        self.0.lock().abandon(&self.0.all);
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, all: &Gauge) -> Option<Bytes> {
        let QueuedFrame { frame, unshared } = self.frames.pop_front()?;
        self.bytes -= frame.len() + FRAME_OVERHEAD;
        self.unshared -= unshared;
        all.fetch_sub(unshared, Ordering::Relaxed);
        if self.frames.is_empty() && self.frames.capacity() > KEPT_CAPACITY {
            self.frames = VecDeque::new();
        }
        Some(frame)
    }

    fn abandon(&mut self, all: &Gauge) {
        self.abandoned = true;
        while self.take(all).is_some() {}
    }
}

/// Wakes the reader after unlocking the queue.
fn wake(mut state: MutexGuard<'_, State>) {
    let reader = state.reader.take();
    drop(state);
    if let Some(reader) = reader {
        reader.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_outbox_accepts_no_more_until_it_is_read() {
        let all = Gauge::default();
        let (outbox, mut receiver) = Outbox::new(Arc::clone(&all));
        let frame = || Bytes::from(vec![0; MAX_QUEUED_BYTES / 4]);
        let taken = (0..10).take_while(|_| outbox.put(frame()).is_ok()).count();
        assert_eq!(taken, 3);
        assert!(receiver.try_next().is_some());
        assert!(outbox.put(frame()).is_ok());
        drop(receiver);
        assert_eq!(all.load(Ordering::Relaxed), 0, "a dropped queue gives its bytes back");
        assert!(outbox.put(frame()).is_ok(), "an ended connection is not a slow reader");
        assert_eq!(all.load(Ordering::Relaxed), 0, "and accepts nothing");
    }

    #[test]
    fn a_shared_frame_counts_for_each_peer_but_not_in_total() {
        let all = Gauge::default();
        let (outbox, mut receiver) = Outbox::new(Arc::clone(&all));
        let frame = Bytes::from(vec![0; 1_000]);
        assert!(outbox.put(frame.clone()).is_ok());
        assert_eq!(outbox.bytes(), 1_000 + FRAME_OVERHEAD);
        assert_eq!(all.load(Ordering::Relaxed), FRAME_OVERHEAD);
        drop(receiver.try_next());
        assert_eq!((outbox.bytes(), all.load(Ordering::Relaxed)), (0, 0));
    }

    #[test]
    fn all_peers_together_have_a_limit() {
        let all = Gauge::default();
        let boxes: Vec<_> = (0..10).map(|_| Outbox::new(Arc::clone(&all))).collect();
        let frame = || Bytes::from(vec![0; MAX_QUEUED_BYTES - FRAME_OVERHEAD]);
        assert_eq!(boxes.iter().filter(|(outbox, _)| outbox.put(frame()).is_ok()).count(), 6);
    }

    #[tokio::test]
    async fn frames_arrive_in_order_before_the_end() {
        let (outbox, mut receiver) = Outbox::new(Gauge::default());
        let reading = tokio::spawn(async move {
            let mut read = Vec::new();
            while let Some(frame) = receiver.next().await {
                read.extend_from_slice(&frame);
            }
            read
        });
        for n in 0..100 {
            assert!(outbox.put(Bytes::from(vec![n])).is_ok());
            if n % 7 == 0 {
                tokio::task::yield_now().await;
            }
        }
        outbox.close();
        assert_eq!(reading.await.unwrap(), (0..100).collect::<Vec<u8>>());
    }

    #[test]
    fn an_empty_outbox_keeps_little_memory() {
        for frames in [KEPT_CAPACITY, KEPT_CAPACITY + 1, 10 * KEPT_CAPACITY] {
            let (outbox, mut receiver) = Outbox::new(Gauge::default());
            (0..frames).for_each(|_| assert!(outbox.put(Bytes::from_static(&[1; 10])).is_ok()));
            while receiver.try_next().is_some() {}
            let state = outbox.0.lock();
            assert!(state.frames.capacity() <= KEPT_CAPACITY, "after {frames} frames");
        }
    }
}
