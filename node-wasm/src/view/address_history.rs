//! The history of addresses, from the store's index.

use super::history::{coinbase_entry, entry};
use super::spent::{Spent, read_with_spent};
use super::transactions::fee;
use crate::messages::{HistoryEntry, HistoryPage, MAX_HISTORY_PAGE};
use fedcoin_node::Node;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Address, Block, BlockId, TxId};
use fedcoin_store::{Store, StoreError, TxLocation};
use std::collections::BTreeSet;

/// A page of the history of these addresses together: the newest transactions, waiting ones first, or those before a
/// location.
///
/// # Errors
/// [`StoreError`].
pub fn page(
    own: &[Address],
    node: &Node,
    store: &Store,
    before: Option<TxLocation>,
) -> Result<HistoryPage, StoreError> {
    let mut entries = if before.is_none() { waiting(own, node) } else { Vec::new() };
    // The newest of each address contain the newest of all; a transaction may touch several.
    let mut places = BTreeSet::new();
    for address in own {
        places.extend(store.history(address, before, MAX_HISTORY_PAGE as usize)?);
    }
    let full = places.len() >= MAX_HISTORY_PAGE as usize;
    let places: Vec<TxLocation> = places.into_iter().rev().take(MAX_HISTORY_PAGE as usize).collect();
    let next = places.last().copied().filter(|_| full);
    let mut read: Option<(BlockId, (Block, Spent))> = None;
    for place in places {
        let Some(id) = node.chain().id_at(place.height) else { continue };
        if read.as_ref().is_none_or(|(of, _)| *of != id) {
            read = read_with_spent(store, &id)?.map(|block| (id, block));
        }
        let found = read.as_ref().and_then(|(id, block)| entry_at(node.params(), block, *id, place, own));
        // `None` if the index entry belongs to another address with the same prefix.
        entries.extend(found);
    }
    Ok(HistoryPage { entries, next })
}

/// The newest waiting payments, newest first.
fn waiting(own: &[Address], node: &Node) -> Vec<HistoryEntry> {
    let pool = node.mempool();
    let touches: BTreeSet<TxId> =
        own.iter().flat_map(|address| pool.pending(address)).map(|waits| waits.txid()).collect();
    // In the order of entry.
    let entries = pool.iter().filter(|waits| touches.contains(&waits.txid()));
    let mut entries: Vec<HistoryEntry> =
        entries.filter_map(|waits| entry(waits.payment(), || waits.fee(), own, None)).collect();
    entries.reverse();
    entries.truncate(MAX_HISTORY_PAGE as usize);
    entries
}

fn entry_at(
    params: &ChainParams,
    (block, spent): &(Block, Spent),
    id: BlockId,
    place: TxLocation,
    own: &[Address],
) -> Option<HistoryEntry> {
    let at = (id, place.height, block.header.time);
    match place.position.checked_sub(1) {
        None => coinbase_entry(block, at, own, params),
        Some(index) => {
            let payment = block.payments.get(index as usize)?;
            // The store has what the primary chain's blocks spend.
            entry(payment, || fee(payment, spent).unwrap_or_default(), own, Some(at))
        }
    }
}
