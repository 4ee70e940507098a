//! The path of a block from a peer, a program or a miner into the chain.

use super::Node;
use crate::blocks::{self, BlockSource, Refusal, Taken};
use crate::chain::LoadedBlock;
use crate::command::RequestId;
use crate::consensus::WellFormedBlock;
use crate::effect::LoadId;
use crate::peer_id::PeerId;
use crate::primitives::{Block, BlockId, Identified, Payment, TxId};
use crate::wire::{CompactBlock, Goodbye, Message};

impl Node {
    pub(super) fn block_received(&mut self, peer: PeerId, block: Block) {
        let block = Identified::from(block);
        if self.blocks.is_due_from(&block.id(), peer) {
            self.peers.give_back(peer, Message::BLOCK);
        }
        self.block_arrived(block, BlockSource::peer(peer));
    }

    pub(super) fn compact_block_received(&mut self, peer: PeerId, compact: CompactBlock) {
        if let Some(block) = self.blocks.compact_received(&mut self.cx, peer, compact) {
            self.block_arrived(block, BlockSource::rebuilt(peer));
        }
    }

    pub(super) fn block_payments_received(&mut self, peer: PeerId, block: BlockId, payments: Vec<Payment>) {
        match self.blocks.complete(peer, block, payments) {
            Ok(Some(block)) => self.block_arrived(block, BlockSource::rebuilt(peer)),
            Ok(None) => {}
            Err(reason) => self.disconnect(peer, reason),
        }
    }

    pub(super) fn submit_block(&mut self, request: RequestId, block: Block) {
        self.take_block(Identified::from(block), BlockSource::request(request));
    }

    /// Processes a block, requested or not.
    fn block_arrived(&mut self, block: Identified<Block>, source: BlockSource) {
        let current = self.is_current();
        for late in self.blocks.arrived(&self.cx, &block, source.peer, current) {
            self.disconnect(late, Goodbye::Stalled);
        }
        self.take_block(block, source);
    }

    pub(super) fn take_block(&mut self, block: Identified<Block>, source: BlockSource) {
        let taken = self.blocks.take(&mut self.cx, block, source);
        self.block_taken(taken, source);
    }

    /// Acts on the outcome of a block.
    pub(super) fn block_taken(&mut self, taken: Taken, source: BlockSource) {
        match taken {
            Ok(Some(block)) => self.block_sound(block, source),
            Ok(None) => {}
            Err(refusal) => self.block_refused(&refusal, source),
        }
    }

    fn block_refused(&mut self, refusal: &Refusal, source: BlockSource) {
        let Some(peer) = source.peer else { return };
        match refusal {
            Refusal::Orphan => self.headers.ask(&mut self.cx, peer),
            Refusal::Invalid => self.disconnect(peer, Goodbye::InvalidBlock),
        }
    }

    fn block_sound(&mut self, block: WellFormedBlock, source: BlockSource) {
        let (id, height) = (block.id(), block.height());
        match blocks::keep(&mut self.cx, block, source) {
            Ok(true) => {}
            Ok(false) => return,
            Err(refusal) => return self.block_refused(&refusal, source),
        }
        self.headers.note_progress(&self.cx, &id);
        if let Some(peer) = source.peer {
            self.peers.brought_block(peer, self.cx.now.monotonic);
        }
        if let Some((_, error)) = self.advance_chain().into_iter().find(|(rejected, _)| *rejected == id) {
            let refusal = blocks::broken(&mut self.cx, source, id, error);
            return self.block_refused(&refusal, source);
        }
        blocks::kept(&mut self.cx, id, height, source);
        for orphan in self.cx.chain.take_orphans_of(&id) {
            self.take_block(orphan, BlockSource::SELF);
        }
    }

    pub(super) fn blocks_wanted(&mut self, id: PeerId, ids: &[BlockId]) {
        let answered = self.blocks.wanted(&mut self.cx, id, ids);
        self.blocks_sent(id, answered);
    }

    pub(super) fn compact_block_wanted(&mut self, id: PeerId, block: BlockId) {
        let answered = self.blocks.compact_wanted(&mut self.cx, id, block);
        self.blocks_sent(id, answered);
    }

    fn blocks_sent(&mut self, id: PeerId, answered: Result<Option<BlockId>, Goodbye>) {
        match answered {
            Ok(Some(tip)) => self.headers.peer_has(&self.cx, id, tip),
            Ok(None) => {}
            Err(reason) => self.disconnect(id, reason),
        }
    }

    pub(super) fn block_payments_wanted(&mut self, id: PeerId, block: BlockId, places: &[u16]) {
        if let Err(reason) = self.blocks.payments_wanted(&mut self.cx, id, block, places) {
            self.disconnect(id, reason);
        }
    }

    pub(super) fn loaded(&mut self, request: LoadId, blocks: Vec<Option<LoadedBlock>>) {
        if let Some(peer) = self.blocks.loaded(&mut self.cx, request, blocks) {
            // A syncing peer may request blocks as fast as it reads them.
            self.peers.give_back(peer, Message::GET_BLOCKS);
        }
    }

    /// Records that a peer lacks requested items, so that others are asked.
    pub(super) fn not_found(&mut self, id: PeerId, blocks: &[BlockId], payments: &[TxId]) {
        if self.blocks.not_found(id, blocks) {
            self.headers.forget_tip(id);
        }
        let current = self.is_current();
        self.payments.not_found(&mut self.cx, id, payments, current);
    }
}
