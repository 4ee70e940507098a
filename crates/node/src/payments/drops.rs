//! Payments that leave the mempool or the chain without being mined, and when that is told.

use super::Payments;
use crate::chain::Durability;
use crate::chain::{ChangeSet, TipChange};
use crate::consensus::SoundBlock;
use crate::context::Context;
use crate::event::Event;
use crate::mempool::{DropReason, Dropped};
use crate::primitives::{OutPoint, Payment, TxId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is gone for good is known when the chain has ended its way (rule F3): until then drops wait here to be told.
///
/// At most as many as may wait in the mempool; when there are more, they are told at once.
#[derive(Default)]
pub(super) struct Drops {
    untold: Vec<Dropped>,
    /// Payments of blocks that this way has taken off, and that no block put on holds: they wait, or are in `untold`.
    undone: BTreeMap<TxId, Payment>,
    /// Their encoded size.
    undone_bytes: usize,
}

impl Drops {
    /// Blocks were taken off, and others put on.
    fn moved(&mut self, change: &TipChange) {
        for payment in &change.returned {
            self.undone_bytes += payment.size();
            let double = self.undone.insert(payment.txid(), payment.clone());
            self.undone_bytes -= double.map_or(0, |payment| payment.size());
        }
        let mined: BTreeSet<TxId> = change.connected.iter().flat_map(|block| block.txids().iter().copied()).collect();
        for txid in &mined {
            self.take_undone(txid);
        }
        self.untold.retain(|dropped| !mined.contains(&dropped.txid));
    }

    fn take_undone(&mut self, txid: &TxId) -> Option<Payment> {
        let payment = self.undone.remove(txid)?;
        self.undone_bytes -= payment.size();
        Some(payment)
    }

    /// Says of payments that lack a coin which payment of the blocks put on has spent it, or that their parent was
    /// dropped.
    fn find_causes(&mut self, connected: &[Arc<SoundBlock>]) {
        let lacking: BTreeSet<OutPoint> = self.untold.iter().flat_map(|dropped| self.coins(dropped)).collect();
        let mut spenders: BTreeMap<OutPoint, TxId> = BTreeMap::new();
        for block in connected {
            for (payment, txid) in block.block().payments.iter().zip(block.txids()) {
                let spent = payment.unsigned.inputs.iter().filter(|input| lacking.contains(input));
                spenders.extend(spent.map(|input| (*input, *txid)));
            }
        }
        let gone: BTreeSet<TxId> = self.untold.iter().map(|dropped| dropped.txid).collect();
        let cause = |dropped: &Dropped| {
            if let Some(by) = self.coins(dropped).find_map(|coin| spenders.get(&coin)) {
                return Some(DropReason::Conflict { by: *by });
            }
            let parent = dropped.reason.missing_input()?.txid;
            gone.contains(&parent).then_some(DropReason::ParentDropped { parent })
        };
        let causes: Vec<Option<DropReason>> = self.untold.iter().map(cause).collect();
        for (dropped, cause) in self.untold.iter_mut().zip(causes) {
            dropped.reason = cause.unwrap_or_else(|| dropped.reason.clone());
        }
    }

    /// What a payment spends, as far as it is known.
    fn coins(&self, dropped: &Dropped) -> impl Iterator<Item = OutPoint> {
        let inputs = self.undone.get(&dropped.txid).map_or(&[][..], |payment| &payment.unsigned.inputs);
        dropped.reason.missing_input().into_iter().chain(inputs.iter().copied())
    }
}

impl Payments {
    /// Fits the mempool to a move of the primary chain. Returns the payments that left it.
    pub(crate) fn chain_moved(&mut self, cx: &mut Context, change: &TipChange) -> Vec<TxId> {
        let (mut removed, mut dropped) = (Vec::new(), Vec::new());
        for block in &change.connected {
            let left = cx.mempool.block_connected(block);
            removed.extend(left.mined);
            dropped.extend(left.dropped);
        }
        self.drops.moved(change);
        if !change.disconnected.is_empty() {
            let mined: BTreeSet<&TxId> = change.connected.iter().flat_map(|block| block.txids()).collect();
            let returned = change.returned.iter().filter(|payment| !mined.contains(&payment.txid()));
            dropped.extend(self.return_payments(cx, &returned.cloned().collect::<Vec<_>>()));
        }
        removed.extend(dropped.iter().map(|dropped| dropped.txid));
        self.drops.untold.extend(dropped);
        self.drops.find_causes(&change.connected);
        removed
    }

    /// Payments left unmined: that is told when the chain is at the end of its way.
    pub(crate) fn dropped(&mut self, cx: &mut Context, dropped: Vec<Dropped>) {
        self.drops.untold.extend(dropped);
        let pool = &cx.config.pool;
        let many = self.drops.untold.len() > pool.max_payments || self.drops.undone_bytes > pool.max_bytes;
        if many || !cx.chain.is_moving() {
            self.tell_dropped(cx);
        }
    }

    /// The chain is at the end of a way of several moves: what only the ledgers between refused waits again.
    pub(crate) fn readmit_dropped(&mut self, cx: &mut Context) {
        let Drops { untold, undone, .. } = &self.drops;
        let again: Vec<Payment> = untold.iter().filter_map(|dropped| undone.get(&dropped.txid).cloned()).collect();
        if again.is_empty() {
            return;
        }
        let left = self.return_payments(cx, &again);
        let pool_removed = left.iter().map(|dropped| dropped.txid).collect();
        cx.outbox.store(ChangeSet { pool_removed, ..ChangeSet::default() }, Durability::Eventual);
        let mut left: BTreeMap<TxId, Dropped> = left.into_iter().map(|dropped| (dropped.txid, dropped)).collect();
        for old in &mut self.drops.untold {
            // Which payment took a coin was seen when it did.
            if let Some(new) = left.remove(&old.txid).filter(|_| old.reason.replaced_by().is_none()) {
                *old = new;
            }
        }
        self.drops.untold.extend(left.into_values());
        self.drops.find_causes(&[]);
    }

    fn tell_dropped(&mut self, cx: &mut Context) {
        let mut told = BTreeSet::new();
        for dropped in core::mem::take(&mut self.drops.untold) {
            // Each once, and no payment that has come again.
            if !cx.mempool.contains(&dropped.txid) && told.insert(dropped.txid) {
                let undone = self.drops.take_undone(&dropped.txid).map(Box::new);
                cx.outbox.emit(Event::PaymentDropped { dropped, undone });
            }
        }
        if !cx.chain.is_moving() {
            self.drops = Drops::default();
        }
    }
}
