use fedcoin_node::RequestId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Most requests of one kind that wait for the node's answer.
pub const MAX_WAITING: usize = 1_000;

/// Requests that wait for the node's answer, an `A`.
#[derive(Debug)]
pub struct Waiting<A> {
    open: Mutex<HashMap<RequestId, oneshot::Sender<A>>>,
    names_given: AtomicU64,
}

/// One request's place; given up when dropped.
#[derive(Debug)]
pub(super) struct Place<'a, A> {
    pub(super) request: RequestId,
    pub(super) answer: oneshot::Receiver<A>,
    waiting: &'a Waiting<A>,
}

impl<A> Default for Waiting<A> {
    fn default() -> Self {
        Self { open: Mutex::default(), names_given: AtomicU64::new(0) }
    }
}

impl<A> Waiting<A> {
    /// A place for a new request; `None` when [`MAX_WAITING`] wait already.
    pub(super) fn place(&self) -> Option<Place<'_, A>> {
        let mut open = self.lock();
        if open.len() >= MAX_WAITING {
            return None;
        }
        let request = RequestId(self.names_given.fetch_add(1, Ordering::Relaxed));
        let (sender, answer) = oneshot::channel();
        open.insert(request, sender);
        Some(Place { request, answer, waiting: self })
    }

    /// Answers a request, if someone still waits for it.
    pub(super) fn answer(&self, request: RequestId, answer: A) {
        if let Some(sender) = self.lock().remove(&request) {
            let _ = sender.send(answer);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RequestId, oneshot::Sender<A>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A> Drop for Place<'_, A> {
    fn drop(&mut self) {
        self.waiting.lock().remove(&self.request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_reach_their_requests() {
        let waiting = Waiting::default();
        let (mut first, mut second) = (waiting.place().unwrap(), waiting.place().unwrap());
        waiting.answer(second.request, "second");
        waiting.answer(RequestId(99), "nobody");
        assert_eq!(second.answer.try_recv(), Ok("second"));
        assert!(first.answer.try_recv().is_err());
    }

    #[test]
    fn places_are_limited_and_given_back() {
        let waiting = Waiting::<()>::default();
        let places: Vec<_> = (0..=MAX_WAITING).map(|_| waiting.place()).collect();
        assert_eq!(places.iter().flatten().count(), MAX_WAITING);
        drop(places);
        assert!(waiting.place().is_some());
    }
}
