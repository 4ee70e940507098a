use crate::messages::{FromNode, Paid, Update};
use fedcoin_node::RequestId;
use futures::channel::oneshot;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Maximum number of open questions. A new question replaces the oldest.
const MAX_REQUESTS: usize = 100;

/// Questions that wait for their answers.
#[derive(Debug, Default)]
pub(super) struct Requests {
    last: Cell<u64>,
    waiting: RefCell<BTreeMap<RequestId, oneshot::Sender<FromNode>>>,
    /// Payments that the worker was about to submit, until it says what became of them.
    sending: RefCell<BTreeMap<RequestId, Vec<Paid>>>,
}

impl Requests {
    /// Opens a question; returns its id and a receiver of the answer.
    pub(super) fn ask(&self) -> (RequestId, oneshot::Receiver<FromNode>) {
        let request = RequestId(self.last.get() + 1);
        self.last.set(request.0);
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() >= MAX_REQUESTS {
            waiting.pop_first();
        }
        waiting.insert(request, sender);
        (request, receiver)
    }

    /// Passes an answer to its caller if that still waits. Returns unsolicited updates.
    pub(super) fn answer(&self, message: FromNode) -> Option<Update> {
        let request = match message {
            FromNode::Pong => return None,
            FromNode::Update(update) => return Some(update),
            FromNode::Sending { request, payment } => {
                self.sending.borrow_mut().entry(request).or_default().push(payment);
                return None;
            }
            FromNode::Wallet { request, .. }
            | FromNode::PrivateKey { request, .. }
            | FromNode::Backup { request, .. }
            | FromNode::Quoted { request, .. }
            | FromNode::Sent { request, .. }
            | FromNode::Blocks { request, .. }
            | FromNode::Block { request, .. }
            | FromNode::Transaction { request, .. }
            | FromNode::Address { request, .. }
            | FromNode::AddressHistory { request, .. }
            | FromNode::Samples { request, .. }
            | FromNode::Found { request, .. } => request,
        };
        self.sending.borrow_mut().remove(&request);
        let sender = self.waiting.borrow_mut().remove(&request);
        if let Some(sender) = sender {
            // The caller may have stopped waiting.
            let _ = sender.send(message);
        }
        None
    }

    /// The payments that may have been sent for a question whose answer is lost.
    pub(super) fn lost(&self, request: RequestId) -> Vec<Paid> {
        self.sending.borrow_mut().remove(&request).unwrap_or_default()
    }

    /// Ends every wait without an answer.
    pub(super) fn give_up(&self) {
        self.waiting.borrow_mut().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn open_questions_are_limited() {
        let requests = Requests::default();
        let mut receivers: Vec<_> = (0..10 * MAX_REQUESTS).map(|_| requests.ask().1).collect();
        let waits = |receiver: &mut oneshot::Receiver<FromNode>| receiver.try_recv().is_ok();
        assert_eq!(receivers.iter_mut().filter_map(|receiver| waits(receiver).then_some(())).count(), MAX_REQUESTS);
        assert!(receivers.last_mut().is_some_and(waits) && !receivers.first_mut().is_some_and(waits));
    }
}
