use fedcoin_node::RequestId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Maximum requests of one kind that wait for the node's answer.
pub const MAX_PENDING: usize = 1_000;

/// Requests that wait for an answer `A` of the node.
#[derive(Debug)]
pub struct PendingRequests<A> {
    open: Mutex<HashMap<RequestId, oneshot::Sender<A>>>,
    next_id: AtomicU64,
}

/// One request, cancelled on drop.
#[derive(Debug)]
pub(super) struct PendingRequest<'a, A> {
    pub(super) id: RequestId,
    pub(super) answer: oneshot::Receiver<A>,
    requests: &'a PendingRequests<A>,
}

impl<A> Default for PendingRequests<A> {
    fn default() -> Self {
        Self { open: Mutex::default(), next_id: AtomicU64::new(0) }
    }
}

impl<A> PendingRequests<A> {
    /// Opens a request; `None` if [`MAX_PENDING`] are open.
    pub(super) fn begin(&self) -> Option<PendingRequest<'_, A>> {
        let mut open = self.lock();
        if open.len() >= MAX_PENDING {
            return None;
        }
        let id = RequestId(self.next_id.fetch_add(1, Ordering::Relaxed));
        let (sender, answer) = oneshot::channel();
        open.insert(id, sender);
        Some(PendingRequest { id, answer, requests: self })
    }

    /// Answers a request that is still open.
    pub(crate) fn answer(&self, id: RequestId, answer: A) {
        if let Some(sender) = self.lock().remove(&id) {
            let _ = sender.send(answer);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RequestId, oneshot::Sender<A>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A> Drop for PendingRequest<'_, A> {
    fn drop(&mut self) {
        self.requests.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_reach_their_requests() {
        let requests = PendingRequests::default();
        let (mut first, mut second) = (requests.begin().unwrap(), requests.begin().unwrap());
        requests.answer(second.id, "second");
        requests.answer(RequestId(99), "nobody");
        assert_eq!(second.answer.try_recv(), Ok("second"));
        assert!(first.answer.try_recv().is_err());
    }

    #[test]
    fn open_requests_are_limited() {
        let requests = PendingRequests::<()>::default();
        let open: Vec<_> = (0..=MAX_PENDING).map(|_| requests.begin()).collect();
        assert_eq!(open.iter().flatten().count(), MAX_PENDING);
        drop(open);
        assert!(requests.begin().is_some());
    }
}
