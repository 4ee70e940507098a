use super::inbox::{Inbox, Order};
use crate::failure::Failure;
use crate::threads;
use fedcoin_node::primitives::BlockId;
use fedcoin_node::{Input, LoadId};
use fedcoin_store::Store;
use std::sync::{Arc, mpsc};

/// Reads blocks from the store, on a thread of its own that gives way to others: to read them takes long, and whoever
/// asks for many must not keep payments and new blocks of others waiting.
///
/// Bound: the node asks for one request's blocks at a time, for peers in turn, and one for itself.
#[derive(Debug)]
pub struct Loads(mpsc::Sender<(LoadId, Vec<BlockId>)>);

impl Loads {
    /// Starts the thread, which answers to `inbox`. It ends when this value is dropped.
    ///
    /// # Errors
    /// [`Failure::System`] when the system starts no more threads.
    pub fn start(store: Arc<Store>, inbox: &Inbox) -> Result<Self, Failure> {
        let (requests, to_read) = mpsc::channel::<(LoadId, Vec<BlockId>)>();
        let answers = inbox.clone();
        threads::spawn("read-blocks".to_owned(), inbox, move || {
            threads::give_way();
            let answer = |(request, blocks): (LoadId, Vec<BlockId>)| match store.load(&blocks) {
                Ok(blocks) => Order::Input(Input::Loaded { request, blocks }),
                Err(error) => Order::StoreFailed(error),
            };
            // Until one of the two ends is gone.
            to_read.into_iter().map(answer).all(|order| answers.order_blocking(order));
        })?;
        Ok(Self(requests))
    }

    /// Reads these blocks when those asked for before have been read.
    pub(super) fn put(&self, request: LoadId, blocks: Vec<BlockId>) {
        // The thread lives as long as `self`, or has told its failure.
        let _ = self.0.send((request, blocks));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::consensus::ChainParams;
    use fedcoin_store::StoreOptions;

    #[test]
    fn requests_are_answered_in_order() {
        let (inbox, mut orders) = Inbox::new();
        let dir = tempfile::tempdir().unwrap();
        let params = ChainParams::regtest();
        let (store, _) = Store::open_file(&dir.path().join("chain"), &params, StoreOptions::server()).unwrap();
        let loads = Loads::start(Arc::new(store), &inbox).unwrap();
        (0..3).for_each(|n| loads.put(LoadId(n), vec![BlockId([9; 32])]));
        for n in 0..3 {
            match orders.blocking_recv() {
                Some(Order::Input(Input::Loaded { request, blocks })) => {
                    assert_eq!((request, blocks), (LoadId(n), vec![None]));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
