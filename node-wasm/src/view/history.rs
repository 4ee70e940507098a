//! What a key received and paid.

use super::payments::{paid_to_others, sum};
use super::read_block;
use crate::clock::Clock;
use crate::messages::{HistoryEntry, HistoryKind, MAX_HISTORY};
use fedcoin_node::Node;
use fedcoin_node::primitives::{Address, Block, BlockId, Payment};
use fedcoin_node::units::{Height, Timestamp};
use fedcoin_store::{Store, StoreError};
use std::collections::BTreeMap;

/// Blocks whose entries are remembered.
const MAX_REMEMBERED: usize = 20_000;
/// How long one question may read blocks, in milliseconds; the next one goes on from there.
const READ_MS: f64 = 100.0;

/// One address's history, block by block as far as it has been read.
#[derive(Debug, Default)]
pub struct History {
    address: Option<Address>,
    blocks: BTreeMap<BlockId, Vec<HistoryEntry>>,
}

/// Where a payment stands.
type Place = Option<(BlockId, Height, Timestamp)>;

impl History {
    /// The address's entries, newest first. Of a long chain the older ones may still be missing:
    /// each question reads further back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn of(&mut self, address: Address, node: &Node, store: &Store) -> Result<Vec<HistoryEntry>, StoreError> {
        if self.address != Some(address) {
            *self = Self { address: Some(address), blocks: BTreeMap::new() };
        }
        let waiting = node.mempool().pending(&address).map(|entry| entry.payment());
        let mut entries: Vec<HistoryEntry> = waiting.filter_map(|payment| entry(payment, &address, None)).collect();
        entries.reverse();
        let clock = Clock::new();
        let begun = clock.millis();
        for height in (0..=node.chain().tip().height.0).rev().map(Height) {
            let Some(id) = node.chain().id_at(height) else { break };
            if !self.blocks.contains_key(&id) {
                if clock.millis() - begun > READ_MS || self.blocks.len() >= MAX_REMEMBERED {
                    break;
                }
                let block = read_block(node, store, &id)?;
                let found = block.map(|block| entries_of(&block, id, height, &address));
                self.blocks.insert(id, found.unwrap_or_default());
            }
            entries.extend(self.blocks.get(&id).into_iter().flatten().copied());
            if entries.len() >= MAX_HISTORY {
                break;
            }
        }
        entries.truncate(MAX_HISTORY);
        Ok(entries)
    }
}

/// A block's entries, last first.
fn entries_of(block: &Block, id: BlockId, height: Height, address: &Address) -> Vec<HistoryEntry> {
    let time = block.header.time;
    let payments = block.payments.iter().rev();
    let mut entries: Vec<_> = payments.filter_map(|p| entry(p, address, Some((id, height, time)))).collect();
    entries.extend(coinbase_entry(block, (id, height, time), address));
    entries
}

/// What a block's reward is to an address, if anything.
pub(super) fn coinbase_entry(
    block: &Block,
    (id, height, time): (BlockId, Height, Timestamp),
    address: &Address,
) -> Option<HistoryEntry> {
    let coinbase = &block.coinbase;
    (coinbase.output.recipient == *address).then(|| HistoryEntry {
        txid: coinbase.txid(),
        block: Some((id, height)),
        time: Some(time),
        kind: HistoryKind::Mined,
        amount: coinbase.output.amount,
        other: None,
    })
}

/// What a payment is to an address, if anything.
pub(super) fn entry(payment: &Payment, address: &Address, place: Place) -> Option<HistoryEntry> {
    let sender = payment.unsigned.sender.address();
    let outputs = &payment.unsigned.outputs;
    let (kind, amount, other) = if sender == *address {
        match outputs.iter().find(|output| output.recipient != sender) {
            Some(output) => (HistoryKind::Paid, paid_to_others(payment, &sender), Some(output.recipient)),
            None => (HistoryKind::ToSelf, sum(outputs.iter().map(|output| output.amount)), Some(sender)),
        }
    } else {
        let own: Vec<_> = outputs.iter().filter(|output| output.recipient == *address).collect();
        if own.is_empty() {
            return None;
        }
        (HistoryKind::Received, sum(own.into_iter().map(|output| output.amount)), Some(sender))
    };
    Some(HistoryEntry {
        txid: payment.txid(),
        block: place.map(|(id, height, _)| (id, height)),
        time: place.map(|(_, _, time)| time),
        kind,
        amount,
        other,
    })
}
