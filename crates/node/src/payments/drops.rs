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
/// payments wait here, and the payments stay in the store.
///
/// At most as many as the mempool may hold; if there are more, they are reported at once.
#[derive(Default)]
pub(super) struct Drops {
    unreported: Vec<Dropped>,
    /// Payments of disconnected blocks, and payments that left the mempool, which no connected block contains.
    bodies: BTreeMap<TxId, Body>,
    /// Encoded size of `bodies`.
    bytes: usize,
}

struct Body {
    payment: Payment,
    /// Whether a disconnected block contained it.
    undone: bool,
}

impl Drops {
    /// Records disconnected and connected blocks.
    fn moved(&mut self, change: &TipChange) {
        for payment in &change.returned {
            self.keep(payment.clone(), true);
        }
        let mined: BTreeSet<TxId> = change.connected.iter().flat_map(|block| block.txids().iter().copied()).collect();
        for txid in &mined {
            self.take(txid);
        }
        self.unreported.retain(|dropped| !mined.contains(&dropped.txid));
    }

    fn keep(&mut self, payment: Payment, undone: bool) {
        let (txid, bytes) = (payment.txid(), payment.size());
        let double = self.take(&txid);
        let undone = undone || double.is_some_and(|body| body.undone);
        self.bodies.insert(txid, Body { payment, undone });
        self.bytes += bytes;
    }

    fn take(&mut self, txid: &TxId) -> Option<Body> {
        let body = self.bodies.remove(txid)?;
        self.bytes -= body.payment.size();
        Some(body)
    }

    /// Refines the reason of payments that lack a coin: a payment in the connected blocks spent it, or their parent was
    /// dropped.
    fn find_causes(&mut self, connected: &[Arc<SoundBlock>]) {
        let lacking: BTreeSet<OutPoint> = self.unreported.iter().flat_map(|dropped| self.coins(dropped)).collect();
        let mut spenders: BTreeMap<OutPoint, TxId> = BTreeMap::new();
        for block in connected {
            for (payment, txid) in block.block().payments.iter().zip(block.txids()) {
                let spent = payment.unsigned.inputs.iter().filter(|input| lacking.contains(input));
                spenders.extend(spent.map(|input| (*input, *txid)));
            }
        }
        let gone: BTreeSet<TxId> = self.unreported.iter().map(|dropped| dropped.txid).collect();
        let cause = |dropped: &Dropped| {
            if let Some(by) = self.coins(dropped).find_map(|coin| spenders.get(&coin)) {
                return Some(DropReason::Conflict { by: *by });
            }
            let parent = dropped.reason.missing_input()?.txid;
            gone.contains(&parent).then_some(DropReason::ParentDropped { parent })
        };
        let causes: Vec<Option<DropReason>> = self.unreported.iter().map(cause).collect();
        for (dropped, cause) in self.unreported.iter_mut().zip(causes) {
            dropped.reason = cause.unwrap_or_else(|| dropped.reason.clone());
        }
    }

    /// The coins that a payment spends, as far as they are known.
    fn coins(&self, dropped: &Dropped) -> impl Iterator<Item = OutPoint> {
        let inputs = self.bodies.get(&dropped.txid).map_or(&[][..], |body| &body.payment.unsigned.inputs);
        dropped.reason.missing_input().into_iter().chain(inputs.iter().copied())
    }
}

impl Payments {
    /// Updates the mempool after a move of the primary chain. Returns the payments that the store need not keep.
    pub(crate) fn chain_moved(&mut self, cx: &mut Context, change: &TipChange) -> Vec<TxId> {
        let mined: BTreeSet<TxId> = change.connected.iter().flat_map(|block| block.txids().iter().copied()).collect();
        let mut removed: Vec<TxId> =
            mined.iter().copied().filter(|txid| self.drops.bodies.contains_key(txid)).collect();
        self.drops.moved(change);
        for block in &change.connected {
            let gone = cx.mempool.block_connected(block);
            removed.extend(gone.mined);
            self.record(gone.dropped, gone.bodies);
        }
        if !change.disconnected.is_empty() {
            let returned = change.returned.iter().filter(|payment| !mined.contains(&payment.txid()));
            let returned: Vec<Payment> = returned.cloned().collect();
            self.return_payments(cx, &returned);
        }
        self.drops.find_causes(&change.connected);
        removed
    }

    /// Records payments that left the mempool, or did not return to it, because the ledger changed.
    pub(super) fn record(&mut self, dropped: Vec<Dropped>, bodies: Vec<Payment>) {
        self.drops.unreported.extend(dropped);
        for payment in bodies {
            self.drops.keep(payment, false);
        }
    }

    /// Records payments that left unmined. They are reported at the end of the reorganisation.
    pub(crate) fn dropped(&mut self, cx: &mut Context, dropped: Vec<Dropped>) {
        self.drops.unreported.extend(dropped);
        let pool = &cx.config.pool;
        let many = self.drops.unreported.len() > pool.max_payments || self.drops.bytes > pool.max_bytes;
        if many || !cx.chain.is_moving() {
            self.report_dropped(cx);
        }
    }

    /// At the end of a reorganisation in several moves, tries again the payments that failed only against ledgers in
    /// between.
    pub(crate) fn readmit_dropped(&mut self, cx: &mut Context) {
        let Drops { unreported, bodies, .. } = &self.drops;
        let again: BTreeMap<TxId, &Body> =
            unreported.iter().filter_map(|dropped| Some((dropped.txid, bodies.get(&dropped.txid)?))).collect();
        let again: Vec<Payment> = again.values().map(|body| body.payment.clone()).collect();
        if again.is_empty() {
            return;
        }
        let before = self.drops.unreported.len();
        self.return_payments(cx, &again);
        let new = self.drops.unreported.split_off(before);
        let mut new: BTreeMap<TxId, Dropped> = new.into_iter().map(|dropped| (dropped.txid, dropped)).collect();
        for old in &mut self.drops.unreported {
            // The payment that spent a coin was recorded when that happened.
            if let Some(newer) = new.remove(&old.txid).filter(|_| old.reason.replaced_by().is_none()) {
                *old = newer;
            }
        }
        self.drops.unreported.extend(new.into_values());
        self.drops.find_causes(&[]);
    }

    fn report_dropped(&mut self, cx: &mut Context) {
        let mut reported = BTreeSet::new();
        let unreported = core::mem::take(&mut self.drops.unreported);
        // Report each payment once, and none that is in the mempool again.
        let gone = unreported
            .into_iter()
            .filter(|dropped| !cx.mempool.contains(&dropped.txid) && reported.insert(dropped.txid));
        let gone: Vec<Dropped> = gone.collect();
        let pool_removed = gone.iter().map(|dropped| dropped.txid).collect();
        cx.outbox.store(ChangeSet { pool_removed, ..ChangeSet::default() }, Durability::Eventual);
        for dropped in gone {
            let undone = self.drops.take(&dropped.txid).filter(|body| body.undone).map(|body| Box::new(body.payment));
            cx.outbox.emit(Event::PaymentDropped { dropped, undone });
        }
        if !cx.chain.is_moving() {
            self.drops = Drops::default();
        }
    }
}
