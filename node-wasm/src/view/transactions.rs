//! Transactions in lists and in full.

use super::spent::{Spent, read_with_spent};
use super::{confirmations, read_block};
use crate::messages::{
    ComingBlockSummary, ComingPayment, MAX_COMING_BLOCKS, MAX_COMING_PAYMENTS, MAX_PAYMENTS_SHOWN, MempoolState,
    PaymentSummary, Place, TransactionDetails,
};
use fedcoin_node::Node;
use fedcoin_node::mempool::{ComingBlock, PoolEntry};
use fedcoin_node::primitives::{Address, Block, BlockId, OutPoint, Payment, TxId};
use fedcoin_node::units::{Amount, Height, Now, Timestamp};
use fedcoin_store::{Store, StoreError};
use std::iter;

/// Summarises the mempool. Caches the coming blocks, which need a pass over all payments.
#[derive(Debug, Default)]
pub struct MempoolTeller {
    coming: Vec<ComingBlockSummary>,
    /// The mempool and the tip of the cached blocks.
    made_of: Option<((u64, usize), BlockId)>,
}

impl MempoolTeller {
    /// The mempool's summary, oldest payments first.
    #[must_use]
    pub fn state(&mut self, node: &Node, now: Now) -> MempoolState {
        let pool = node.mempool();
        let made_of = Some((pool.version(), node.chain().tip().id));
        if self.made_of != made_of {
            let blocks = pool.coming_blocks(node.params(), MAX_COMING_BLOCKS);
            let summaries = blocks.iter().enumerate().map(|(n, block)| coming(block, n == 0));
            (self.coming, self.made_of) = (summaries.collect(), made_of);
        }
        MempoolState {
            payments: pool.iter().take(MAX_PAYMENTS_SHOWN).map(|entry| summary(entry, now)).collect(),
            count: pool.len() as u32,
            entered: pool.version().0,
            bytes: pool.bytes() as u64,
            coming: self.coming.clone(),
        }
    }
}

fn coming(block: &ComingBlock<'_>, is_next: bool) -> ComingBlockSummary {
    let payment = |entry: &&PoolEntry| {
        let sender = entry.payment().unsigned.sender.address();
        ComingPayment {
            txid: entry.txid(),
            bytes: entry.bytes() as u32,
            rate: entry.fee_rate().of_kilobyte(),
            sender,
            recipient: recipients(entry.payment(), &sender).next(),
            paid: paid_to_others(entry.payment(), &sender),
        }
    };
    let shown = if is_next { MAX_COMING_PAYMENTS } else { 0 };
    ComingBlockSummary {
        payments: block.payments.iter().take(shown).map(payment).collect(),
        count: block.payments.len() as u32,
        bytes: block.bytes as u32,
        fees: block.fees,
        rates: [block.lowest, block.median, block.highest].map(|rate| rate.of_kilobyte()),
    }
}

fn summary(entry: &PoolEntry, now: Now) -> PaymentSummary {
    let payment = entry.payment();
    let sender = payment.unsigned.sender.address();
    let entered = now.wall.0.saturating_sub(now.monotonic.0.saturating_sub(entry.entered().0));
    PaymentSummary {
        txid: entry.txid(),
        entered: Timestamp(entered / 1_000 * 1_000),
        sender,
        recipient: recipients(payment, &sender).next(),
        recipients: recipients(payment, &sender).count() as u32,
        paid: paid_to_others(payment, &sender),
        fee: Some(entry.fee()),
        bytes: entry.bytes() as u32,
    }
}

/// Whom a payment pays, its sender left out.
fn recipients(payment: &Payment, sender: &Address) -> impl Iterator<Item = Address> {
    payment.unsigned.outputs.iter().map(|output| output.recipient).filter(move |recipient| recipient != sender)
}

/// Sum of the outputs that do not go back to the sender.
#[must_use]
pub(super) fn paid_to_others(payment: &Payment, sender: &Address) -> Amount {
    let others = payment.unsigned.outputs.iter().filter(|output| output.recipient != *sender);
    Amount::saturating_sum(others.map(|output| output.amount))
}

/// A payment with the contents of its inputs, as far as `spent` knows them.
pub(super) fn details(
    payment: &Payment,
    spent: &Spent,
    block: Option<(BlockId, Height)>,
    confirmations: u32,
) -> TransactionDetails {
    let unsigned = &payment.unsigned;
    let inputs: Vec<_> = unsigned.inputs.iter().map(|outpoint| (*outpoint, spent.get(outpoint).copied())).collect();
    TransactionDetails {
        txid: payment.txid(),
        sender: Some(unsigned.sender.address()),
        replaceable: unsigned.replaceable,
        inputs,
        outputs: unsigned.outputs.clone(),
        fee: fee(payment, spent),
        bytes: payment.size() as u32,
        block,
        confirmations,
        place: None,
    }
}

/// A payment's fee, where `spent` knows what all its inputs held.
pub(super) fn fee(payment: &Payment, spent: &Spent) -> Option<Amount> {
    let unsigned = &payment.unsigned;
    let incoming = unsigned.inputs.iter().map(|outpoint| spent.get(outpoint).map(|output| output.amount));
    let outgoing = Amount::saturating_sum(unsigned.outputs.iter().map(|output| output.amount));
    Some(Amount::saturating_sum(incoming.collect::<Option<Vec<_>>>()?).saturating_sub(outgoing))
}

/// A transaction from the mempool, or from the primary chain by the store's index.
///
/// # Errors
/// [`StoreError`].
pub fn find(node: &Node, store: &Store, txid: &TxId) -> Result<Option<TransactionDetails>, StoreError> {
    if let Some(payment) = node.mempool().get(txid) {
        return Ok(Some(details(payment, &spent_by_pool(node, payment), None, 0)));
    }
    let Some(id) = block_of(node, store, txid)? else { return Ok(None) };
    let Some(info) = node.chain().block_info(&id) else { return Ok(None) };
    let Some((block, spent)) = read_with_spent(store, &id)? else { return Ok(None) };
    let (held_by, confirmations) = (Some((id, info.height)), confirmations(node, &info));
    let place = Some(place(&block, txid));
    if let Some(payment) = block.payments.iter().find(|payment| payment.txid() == *txid) {
        return Ok(Some(TransactionDetails { place, ..details(payment, &spent, held_by, confirmations) }));
    }
    Ok(Some(TransactionDetails {
        txid: *txid,
        sender: None,
        replaceable: false,
        inputs: Vec::new(),
        outputs: vec![block.coinbase.output],
        fee: None,
        bytes: (block.size() - block.payments.iter().map(Payment::size).sum::<usize>()) as u32,
        block: held_by,
        confirmations,
        place,
    }))
}

/// The place of a transaction in the block that holds it: the coinbase, then the payments.
fn place(block: &Block, txid: &TxId) -> Place {
    let ids: Vec<TxId> = iter::once(block.coinbase.txid()).chain(block.payments.iter().map(Payment::txid)).collect();
    let at = ids.iter().position(|id| id == txid).unwrap_or(0);
    let beside = |n: Option<usize>| n.and_then(|n| ids.get(n)).copied();
    Place { time: block.header.time, previous: beside(at.checked_sub(1)), next: beside(at.checked_add(1)) }
}

/// The outputs that a waiting payment spends, from the chain or from other waiting payments.
fn spent_by_pool(node: &Node, payment: &Payment) -> Spent {
    let output = |outpoint: &OutPoint| match node.chain().utxos().get(outpoint) {
        Some(utxo) => Some(utxo.output),
        None => node.mempool().get(&outpoint.txid)?.unsigned.outputs.get(outpoint.index as usize).copied(),
    };
    payment.unsigned.inputs.iter().filter_map(|outpoint| Some((*outpoint, output(outpoint)?))).collect()
}

/// The block of the primary chain that contains a transaction.
fn block_of(node: &Node, store: &Store, txid: &TxId) -> Result<Option<BlockId>, StoreError> {
    let holds =
        |block: &Block| block.coinbase.txid() == *txid || block.payments.iter().any(|payment| payment.txid() == *txid);
    for place in store.transaction(txid)? {
        if let Some(id) = node.chain().id_at(place.height)
            && read_block(node, store, &id)?.is_some_and(|block| holds(&block))
        {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
