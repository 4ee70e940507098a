//! The history of a key.

use super::transactions::paid_to_others;
use crate::messages::{HistoryEntry, HistoryKind};
use fedcoin_node::primitives::{Address, Block, BlockId, Payment};
use fedcoin_node::units::{Amount, Height, Timestamp};

/// The block that contains a transaction: its id, height and time.
pub(super) type InBlock = (BlockId, Height, Timestamp);

/// The history entry of a block's reward for an address, if any.
pub(super) fn coinbase_entry(block: &Block, (id, height, time): InBlock, address: &Address) -> Option<HistoryEntry> {
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

/// The history entry of a payment for an address, if any.
pub(super) fn entry(payment: &Payment, address: &Address, block: Option<InBlock>) -> Option<HistoryEntry> {
    let sender = payment.unsigned.sender.address();
    let outputs = &payment.unsigned.outputs;
    let (kind, amount, other) = if sender == *address {
        match outputs.iter().find(|output| output.recipient != sender) {
            Some(output) => (HistoryKind::Paid, paid_to_others(payment, &sender), Some(output.recipient)),
            None => {
                (HistoryKind::ToSelf, Amount::saturating_sum(outputs.iter().map(|output| output.amount)), Some(sender))
            }
        }
    } else {
        let own: Vec<_> = outputs.iter().filter(|output| output.recipient == *address).collect();
        if own.is_empty() {
            return None;
        }
        (HistoryKind::Received, Amount::saturating_sum(own.into_iter().map(|output| output.amount)), Some(sender))
    };
    Some(HistoryEntry {
        txid: payment.txid(),
        block: block.map(|(id, height, _)| (id, height)),
        time: block.map(|(_, _, time)| time),
        kind,
        amount,
        other,
    })
}
