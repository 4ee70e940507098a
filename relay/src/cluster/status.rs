use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The state of a membership.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterState {
    /// No server has been reached, or the connection is lost; the node keeps trying.
    #[default]
    Connecting,
    /// Taking part.
    Connected,
    /// The server takes no messages as large as the network's blocks: see `max_payload` in its
    /// configuration. The node takes no part.
    PayloadTooSmall {
        /// The server's `max_payload` in bytes.
        max: usize,
        /// What this network needs.
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

    /// Other members that said hello lately.
    #[must_use]
    pub fn members(&self) -> usize {
        self.members.load(Ordering::Relaxed)
    }

    /// Messages published to all members.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Messages passed to the node.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Messages that were wrong, too large or too many, or that could not be sent.
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
