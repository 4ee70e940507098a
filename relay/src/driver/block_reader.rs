use crate::inbox::{DriverMessage, Inbox};
use crate::threads::{self, SpawnError};
use fedcoin_node::primitives::BlockId;
use fedcoin_node::{Input, LoadId};
use fedcoin_store::Store;
use std::sync::{Arc, mpsc};

/// Reads blocks from the store on a low-priority thread: reading is slow, and a peer that requests many blocks must not
/// delay payments and new blocks of others.
///
/// Bound: the node requests the blocks of one peer at a time, and has one request of its own.
#[derive(Debug)]
pub struct BlockReader(mpsc::Sender<(LoadId, Vec<BlockId>)>);

impl BlockReader {
    /// Starts the thread, which answers to `inbox`. The thread ends when this value is dropped.
    ///
    /// # Errors
    /// [`SpawnError`].
    pub fn start(store: Arc<Store>, inbox: &Inbox) -> Result<Self, SpawnError> {
        let (sender, requests) = mpsc::channel::<(LoadId, Vec<BlockId>)>();
        let answers = inbox.clone();
        inbox.spawn("read-blocks".to_owned(), move || {
            threads::lower_priority();
            let answer = |(request, blocks): (LoadId, Vec<BlockId>)| match store.load(&blocks) {
                Ok(blocks) => DriverMessage::Input(Input::Loaded { request, blocks }),
                Err(error) => DriverMessage::StoreFailed(error),
            };
            // Ends when either side is gone.
            requests.into_iter().map(answer).all(|message| answers.message_blocking(message));
        })?;
        Ok(Self(sender))
    }

    /// Requests blocks; requests are served in order.
    pub(super) fn request(&self, request: LoadId, blocks: Vec<BlockId>) {
        // The thread lives as long as `self`, or has reported its failure.
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
        let (inbox, mut receiver) = Inbox::new();
        let dir = tempfile::tempdir().unwrap();
        let params = ChainParams::regtest();
        let (store, _) = Store::open_file(&dir.path().join("chain"), &params, StoreOptions::server()).unwrap();
        let reader = BlockReader::start(Arc::new(store), &inbox).unwrap();
        (0..3).for_each(|n| reader.request(LoadId(n), vec![BlockId([9; 32])]));
        for n in 0..3 {
            match receiver.blocking_recv() {
                Some(DriverMessage::Input(Input::Loaded { request, blocks })) => {
                    assert_eq!((request, blocks), (LoadId(n), vec![None]));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
