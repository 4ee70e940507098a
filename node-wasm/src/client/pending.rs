use fedcoin_node::RequestId;
use futures::channel::oneshot;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Most questions without an answer; the oldest is given up for a newer one.
const MAX_PENDING: usize = 100;

/// Questions of one kind that wait for their answers.
#[derive(Debug)]
pub(super) struct Pending<T> {
    last: Cell<u64>,
    waiting: RefCell<BTreeMap<RequestId, oneshot::Sender<T>>>,
}

impl<T> Pending<T> {
    /// A new question's number and its answer to come.
    pub(super) fn ask(&self) -> (RequestId, oneshot::Receiver<T>) {
        let request = RequestId(self.last.get() + 1);
        self.last.set(request.0);
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() >= MAX_PENDING {
            waiting.pop_first();
        }
        waiting.insert(request, sender);
        (request, receiver)
    }

    /// Hands the answer over, if anybody still waits for it.
    pub(super) fn answer(&self, request: RequestId, answer: T) {
        let sender = self.waiting.borrow_mut().remove(&request);
        if let Some(sender) = sender {
            let _ = sender.send(answer);
        }
    }

    /// Ends every wait without an answer.
    pub(super) fn give_up(&self) {
        self.waiting.borrow_mut().clear();
    }
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { last: Cell::new(0), waiting: RefCell::default() }
    }
}
