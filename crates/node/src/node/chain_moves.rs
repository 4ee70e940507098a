//! Moves of the primary chain: store, mempool, miner, user and peers learn of them.

use super::Node;
use crate::chain::{Advance, ChangeSet, Durability, TipChange};
use crate::consensus::BlockError;
use crate::event::Event;
use crate::primitives::{BlockId, TxId};

impl Node {
    /// Moves the primary chain as far as the available blocks allow. Returns blocks that turned out to be invalid.
    pub(super) fn advance_chain(&mut self) -> Vec<(BlockId, BlockError)> {
        let mut rejected = Vec::new();
        loop {
            match self.cx.chain.advance() {
                Advance::Idle => {
                    self.end_of_way();
                    return rejected;
                }
                Advance::NeedsBlocks(ids) => {
                    self.blocks.load_for_chain(&mut self.cx, ids);
                    return rejected;
                }
                Advance::Invalid { id, error } => {
                    let changes = ChangeSet { invalid: vec![id], ..ChangeSet::default() };
                    self.cx.outbox.store(changes, Durability::Eventual);
                    self.cx.outbox.emit(Event::BlockRejected { id, error: error.clone(), peer: None });
                    rejected.push((id, error));
                }
                Advance::Moved(change) => self.moved(*change),
            }
        }
    }

    /// Passes a move of the primary chain to the store, the mempool, the user and the peers.
    fn moved(&mut self, change: TipChange) {
        // During a move in several steps, the tip may be on neither chain.
        self.headers.note_progress(&self.cx, &self.cx.chain.best_stored());
        let caught_up = self.cx.chain.best_header().id == self.cx.chain.tip().id;
        let removed = self.payments.chain_moved(&mut self.cx, &change);
        self.mining.pool_changed();
        let mut changes = change.changes;
        changes.pool_removed.extend(removed);
        let moving = self.cx.chain.is_moving();
        let at_once = caught_up || !change.disconnected.is_empty() && !moving;
        self.cx.outbox.store(changes, if at_once { Durability::Immediate } else { Durability::Eventual });
        let connected: Vec<BlockId> = change.connected.iter().map(|b| b.id()).collect();
        self.mining.report_if_mined(&mut self.cx, &change.connected);
        let tip = self.cx.chain.tip();
        if let Some(reorganised) = change.reorganised {
            self.cx.outbox.emit(Event::Reorganised { tip, reorganised });
        }
        self.cx.outbox.emit(Event::TipChanged { tip, disconnected: change.disconnected, connected, moving });
        if moving {
            self.on_the_way = true;
            self.payments.dropped(&mut self.cx, Vec::new());
        } else {
            self.arrived();
        }
        let mined: Vec<TxId> = change.connected.iter().flat_map(|b| b.txids().iter().copied()).collect();
        self.retry_orphan_payments(&mined);
    }

    /// The primary chain is the best one. If an invalid block ended a long move right above the tip, no event has
    /// reported the end.
    fn end_of_way(&mut self) {
        if self.on_the_way {
            self.cx.outbox.store(ChangeSet::default(), Durability::Immediate);
            let (tip, disconnected, connected) = (self.cx.chain.tip(), Vec::new(), Vec::new());
            self.cx.outbox.emit(Event::TipChanged { tip, disconnected, connected, moving: false });
            self.arrived();
        }
    }

    fn arrived(&mut self) {
        if core::mem::take(&mut self.on_the_way) {
            self.payments.readmit_dropped(&mut self.cx);
        }
        self.payments.dropped(&mut self.cx, Vec::new());
        if self.is_current() {
            self.headers.announce_tip(&mut self.cx);
        }
    }
}
