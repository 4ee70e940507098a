//! The history of an address, from the store's index.

use super::history::{coinbase_entry, entry};
use super::read_block;
use crate::messages::{HistoryCursor, HistoryEntry, HistoryPage, MAX_HISTORY_PAGE};
use fedcoin_node::Node;
use fedcoin_node::primitives::{Address, Block, BlockId};
use fedcoin_store::{Store, StoreError, TxLocation};

/// A page: the newest transactions, waiting ones first, or those before a location.
///
/// # Errors
/// [`StoreError`].
pub fn page(
    address: &Address,
    node: &Node,
    store: &Store,
    before: Option<HistoryCursor>,
) -> Result<HistoryPage, StoreError> {
    let mut entries = if before.is_none() { waiting(address, node) } else { Vec::new() };
    let before = before.map(|HistoryCursor { height, position }| TxLocation { height, position });
    let places = store.history(address, before, MAX_HISTORY_PAGE as usize)?;
    let full = places.len() == MAX_HISTORY_PAGE as usize;
    let next =
        places.last().filter(|_| full).map(|last| HistoryCursor { height: last.height, position: last.position });
    let mut read: Option<(BlockId, Block)> = None;
    for place in places {
        let Some(id) = node.chain().id_at(place.height) else { continue };
        if read.as_ref().is_none_or(|(of, _)| *of != id) {
            read = read_block(node, store, &id)?.map(|block| (id, block));
        }
        let found = read.as_ref().and_then(|(id, block)| entry_at(block, *id, place, address));
        // `None` if the index entry belongs to another address with the same prefix.
        entries.extend(found);
    }
    Ok(HistoryPage { entries, next })
}

/// The newest waiting payments, newest first.
fn waiting(address: &Address, node: &Node) -> Vec<HistoryEntry> {
    let entries = node.mempool().pending(address).filter_map(|waits| entry(waits.payment(), address, None));
    let mut entries: Vec<HistoryEntry> = entries.collect();
    entries.reverse();
    entries.truncate(MAX_HISTORY_PAGE as usize);
    entries
}

fn entry_at(block: &Block, id: BlockId, place: TxLocation, address: &Address) -> Option<HistoryEntry> {
    let at = (id, place.height, block.header.time);
    match place.position.checked_sub(1) {
        None => coinbase_entry(block, at, address),
        Some(index) => entry(block.payments.get(index as usize)?, address, Some(at)),
    }
}
