use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The state of a membership.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterState {
    /// Connecting to a server, for the first time or again.
    #[default]
    Connecting,
    /// Connected; the node takes part.
    Connected,
    /// The server's `max_payload` is below the size of the network's blocks. The node does not take part.
    PayloadTooSmall {
        /// The server's `max_payload` in bytes.
        max: usize,
        /// The size that this network needs, in bytes.
        need: usize,
    },
}

/// What the API shows of a membership.
#[derive(Debug, Default)]
pub struct ClusterStatus {
    state: Mutex<ClusterState>,
    members: AtomicUsize,
    sent: AtomicU64,
    received: AtomicU64,
    dropped: AtomicU64,
}

impl ClusterStatus {
    /// The state of the membership.
    #[must_use]
    pub fn state(&self) -> ClusterState {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number of other members that have said hello lately.
    #[must_use]
    pub fn members(&self) -> usize {
        self.members.load(Ordering::Relaxed)
    }

    /// Number of messages published to all members.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Number of messages passed to the node.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Number of messages dropped: invalid, too large, too many, or not sent.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    pub(super) fn set_state(&self, state: ClusterState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    pub(super) fn set_members(&self, members: usize) {
        self.members.store(members, Ordering::Relaxed);
    }

    pub(super) fn count_sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_received(&self) {
        self.received.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_dropped(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }
}
