use super::inbox::{Inbox, Order};
use crate::failure::Failure;
use crate::threads;
use fedcoin_node::primitives::BlockId;
use fedcoin_node::{Input, LoadId};
use fedcoin_store::Store;
use std::collections::VecDeque;
use std::sync::{Arc, mpsc};

/// Blocks to be read from the store, one request after the other, on a thread of their own: to read
/// them takes long, and whoever asks for many must not keep payments and new blocks of others waiting.
///
/// Bound: what the node asks for, which bounds it for each peer; the blocks of one request in memory.
#[derive(Debug)]
pub struct Loads {
    waiting: VecDeque<Request>,
    /// One is being read, or has been and the node has not got it yet.
    reading: bool,
    requests: mpsc::Sender<Request>,
}

type Request = (LoadId, Vec<BlockId>);

impl Loads {
    /// Starts the thread, which answers to `inbox`. It ends when this value is dropped.
    ///
    /// # Errors
    /// [`Failure::System`] when the system starts no more threads.
    pub fn start(store: Arc<Store>, inbox: &Inbox) -> Result<Self, Failure> {
        let (requests, to_read) = mpsc::channel::<Request>();
        let answers = inbox.clone();
        threads::spawn("read-blocks".to_owned(), inbox, move || {
            let answer = |(request, blocks): Request| match store.load(&blocks) {
                Ok(blocks) => Order::Input(Input::Loaded { request, blocks }),
                Err(error) => Order::StoreFailed(error),
            };
            // Until one of the two ends is gone.
            to_read.into_iter().map(answer).all(|order| answers.order_blocking(order));
        })?;
        Ok(Self { waiting: VecDeque::new(), reading: false, requests })
    }

    /// Reads these blocks when all asked for before have been read.
    pub(super) fn put(&mut self, request: LoadId, blocks: Vec<BlockId>) {
        self.waiting.push_back((request, blocks));
        self.go_on();
    }

    /// The node has got the blocks read last.
    pub(super) fn taken(&mut self) {
        self.reading = false;
        self.go_on();
    }

    fn go_on(&mut self) {
        if !self.reading
            && let Some(next) = self.waiting.pop_front()
        {
            // The thread lives as long as `self`.
            self.reading = self.requests.send(next).is_ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::consensus::ChainParams;
    use fedcoin_store::StoreOptions;

    #[test]
    fn requests_are_answered_in_order_and_only_one_is_in_memory() {
        let (inbox, mut orders) = Inbox::new();
        let dir = tempfile::tempdir().unwrap();
        let params = ChainParams::regtest();
        let (store, _) = Store::open_file(&dir.path().join("chain"), &params, StoreOptions::server()).unwrap();
        let mut loads = Loads::start(Arc::new(store), &inbox).unwrap();
        (0..3).for_each(|n| loads.put(LoadId(n), vec![BlockId([9; 32])]));
        for n in 0..3 {
            match orders.blocking_recv() {
                Some(Order::Input(Input::Loaded { request, blocks })) => {
                    assert_eq!((request, blocks), (LoadId(n), vec![None]));
                }
                other => panic!("{other:?}"),
            }
            assert!(orders.try_recv().is_err() && loads.reading, "the next is read when this one is taken");
            loads.taken();
        }
        assert!(!loads.reading && loads.waiting.is_empty());
    }
}
