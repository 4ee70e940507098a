//! Payments that leave the mempool or the chain without being mined, and the time to report them.

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

/// Only the end of a reorganisation shows which payments are gone for good (rule F3). Until then, reports of dropped
/// payments wait here.
///
/// At most as many as the mempool may hold; if there are more, they are reported at once.
#[derive(Default)]
pub(super) struct Drops {
    untold: Vec<Dropped>,
    /// Payments of disconnected blocks that no connected block contains. They are in the mempool or in `untold`.
    undone: BTreeMap<TxId, Payment>,
    /// Encoded size of `undone`.
    undone_bytes: usize,
}

impl Drops {
    /// Records disconnected and connected blocks.
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

    /// Refines the reason of payments that lack a coin: a payment in the connected blocks spent it, or their parent was
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

    /// The coins that a payment spends, as far as they are known.
    fn coins(&self, dropped: &Dropped) -> impl Iterator<Item = OutPoint> {
        let inputs = self.undone.get(&dropped.txid).map_or(&[][..], |payment| &payment.unsigned.inputs);
        dropped.reason.missing_input().into_iter().chain(inputs.iter().copied())
    }
}

impl Payments {
    /// Updates the mempool after a move of the primary chain. Returns the payments that left it.
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

    /// Records payments that left unmined. They are reported at the end of the reorganisation.
    pub(crate) fn dropped(&mut self, cx: &mut Context, dropped: Vec<Dropped>) {
        self.drops.untold.extend(dropped);
        let pool = &cx.config.pool;
        let many = self.drops.untold.len() > pool.max_payments || self.drops.undone_bytes > pool.max_bytes;
        if many || !cx.chain.is_moving() {
            self.tell_dropped(cx);
        }
    }

    /// At the end of a reorganisation in several moves, tries again the payments that failed only against ledgers in
    /// between.
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
            // The payment that spent a coin was recorded when that happened.
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
            // Report each payment once, and none that is in the mempool again.
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
