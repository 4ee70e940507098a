use super::Node;
use super::blocks::BlockSource;
use super::shared_frames::BlockForm;
use crate::peer_id::PeerId;
use crate::primitives::{BlockId, Payment};
use crate::sync::PartialBlock;
use crate::wire::{CompactBlock, Goodbye, Message};

/// A block with fewer payments is sent whole: asking for it in parts saves nothing.
const FEWEST_PAYMENTS: usize = 3;

impl Node {
    /// Asks a peer for blocks: for the one after the tip in compact form, when payments wait here
    /// that it may hold (rules W6 and W10).
    pub(super) fn ask_blocks(&mut self, id: PeerId, blocks: Vec<BlockId>) {
        if let [block] = blocks[..]
            && !self.cx.mempool.is_empty()
            && self.compact_downloads.has_room()
            && self.cx.chain.block_info(&block).is_some_and(|info| info.header.previous == self.cx.chain.tip().id)
        {
            self.compact_downloads.asked(block, id);
            return self.cx.outbox.send(id, &Message::GetCompactBlock(block));
        }
        self.cx.outbox.send(id, &Message::GetBlocks(blocks));
    }

    /// Answers a request for a block in compact form, or sends it whole where that is as well.
    pub(super) fn compact_block_wanted(&mut self, id: PeerId, block: BlockId) {
        let recent = self.cx.chain.recent_block(&block).filter(|b| b.block().payments.len() >= FEWEST_PAYMENTS);
        let Some(recent) = recent else { return self.blocks_wanted(id, &[block]) };
        let salt = self.nonce;
        let encode = || Message::CompactBlock(Box::new(CompactBlock::of(recent.block(), salt))).encode();
        let frame = self.block_frame(block, BlockForm::Compact, encode);
        self.cx.outbox.send_frame(id, frame);
        self.peer_has(id, block);
    }

    /// Takes a compact block. One that is not due is the late answer of a peer that was not waited
    /// for.
    pub(super) fn compact_block_received(&mut self, id: PeerId, compact: CompactBlock) {
        let block = compact.header.id();
        if !self.compact_downloads.is_due_from(&block, id) {
            return;
        }
        let waiting = self.cx.mempool.iter().map(|entry| (entry.hash(), entry.payment()));
        let partial = PartialBlock::new(compact, waiting);
        let places = partial.missing();
        self.compact_downloads.keep(partial);
        if places.is_empty() {
            self.complete_block(id, block, Vec::new());
        } else {
            self.cx.outbox.send(id, &Message::GetBlockPayments { block, places });
        }
    }

    /// Answers a request for some of a block's payments.
    pub(super) fn block_payments_wanted(&mut self, id: PeerId, block: BlockId, places: &[u16]) {
        let Some(recent) = self.cx.chain.recent_block(&block) else {
            return self.cx.outbox.send(id, &Message::NotFound { blocks: vec![block], payments: Vec::new() });
        };
        let rising = places.windows(2).all(|pair| pair[0] < pair[1]);
        let payments = places.iter().map(|place| recent.block().payments.get(usize::from(*place)).cloned());
        match payments.collect::<Option<Vec<Payment>>>() {
            Some(payments) if rising => self.cx.outbox.send(id, &Message::BlockPayments { block, payments }),
            _ => self.disconnect(id, Goodbye::UnexpectedMessage),
        }
    }

    /// Puts the payments that a compact block lacked into it, and takes the block.
    pub(super) fn complete_block(&mut self, id: PeerId, block: BlockId, payments: Vec<Payment>) {
        let Some(mut partial) = self.compact_downloads.take(&block, id) else { return };
        if partial.fill(payments).is_err() {
            return self.disconnect(id, Goodbye::UnexpectedMessage);
        }
        if let Some(block) = partial.into_block() {
            self.block_arrived(block, BlockSource { peer: Some(id), request: None, rebuilt: true });
        }
    }

    /// Two payments share a short id, or the peer told wrong ones: the whole block will show.
    pub(super) fn ask_whole_block(&mut self, id: PeerId, block: BlockId) {
        let Some(peer) = self.peers.get_mut(&id).filter(|p| p.is_ready()) else { return };
        peer.in_flight += 1;
        self.downloads.asked(block, id, self.cx.now.monotonic);
        self.cx.outbox.send(id, &Message::GetBlocks(vec![block]));
    }
}
