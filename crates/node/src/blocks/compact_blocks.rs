use super::Blocks;
use super::partial_block::PartialBlock;
use super::serving::Answered;
use super::shared_frames::BlockForm;
use crate::context::Context;
use crate::peer_id::PeerId;
use crate::primitives::{Block, BlockId, Identified, Payment};
use crate::wire::{CompactBlock, Goodbye, Message};

/// A block with fewer payments is sent whole, because the compact form would save nothing.
const FEWEST_PAYMENTS: usize = 3;

impl Blocks {
    /// Answers a request for a block in compact form. Sends the whole block if the compact form saves nothing.
    pub(crate) fn compact_wanted(&mut self, cx: &mut Context, id: PeerId, block: BlockId) -> Answered {
        let recent = cx.chain.recent_block(&block).filter(|b| b.block().payments.len() >= FEWEST_PAYMENTS);
        let Some(recent) = recent else { return self.wanted(cx, id, &[block]) };
        let salt = cx.nonce;
        let encode = || Message::CompactBlock(Box::new(CompactBlock::of(recent.block(), salt))).encode();
        let frame = self.frame(cx, block, BlockForm::Compact, encode);
        cx.outbox.send_frame(id, frame);
        Ok(Some(block))
    }

    /// Processes a compact block. Ignores one that is not due: a late answer. Returns the whole block if the node has
    /// all its payments.
    pub(crate) fn compact_received(
        &mut self,
        cx: &mut Context,
        id: PeerId,
        compact: CompactBlock,
    ) -> Option<Identified<Block>> {
        let header = Identified::from(compact.header);
        let block = header.id();
        if !self.compact_downloads.is_due_from(&block, id) {
            return None;
        }
        let waiting = cx.mempool.iter().map(|entry| (entry.hash(), entry.payment()));
        let partial = PartialBlock::new(header, compact, waiting);
        let places = partial.missing();
        if places.is_empty() {
            self.compact_downloads.forget(&block);
            return partial.into_block();
        }
        self.compact_downloads.keep(partial);
        cx.outbox.send(id, &Message::GetBlockPayments { block, places });
        None
    }

    /// Answers a request for some payments of a block.
    ///
    /// # Errors
    /// The reason to disconnect the peer: the positions do not exist.
    pub(crate) fn payments_wanted(
        &self,
        cx: &mut Context,
        id: PeerId,
        block: BlockId,
        places: &[u16],
    ) -> Result<(), Goodbye> {
        let Some(recent) = cx.chain.recent_block(&block) else {
            cx.outbox.send(id, &Message::NotFound { blocks: vec![block], payments: Vec::new() });
            return Ok(());
        };
        let rising = places.windows(2).all(|pair| pair[0] < pair[1]);
        let payments = places.iter().map(|place| recent.block().payments.get(usize::from(*place)));
        let payments: Option<Vec<&Payment>> = payments.collect();
        let payments = payments.filter(|_| rising).ok_or(Goodbye::UnexpectedMessage)?;
        let frame = Message::encode_block_payments(block, &payments);
        cx.outbox.send_frame(id, frame.into());
        Ok(())
    }

    /// Adds the missing payments to a compact block. Returns the block, if it was due.
    ///
    /// # Errors
    /// The reason to disconnect the peer: their number differs from the requested one.
    pub(crate) fn complete(
        &mut self,
        id: PeerId,
        block: BlockId,
        payments: Vec<Payment>,
    ) -> Result<Option<Identified<Block>>, Goodbye> {
        let Some(mut partial) = self.compact_downloads.take(&block, id) else { return Ok(None) };
        partial.fill(payments).map_err(|_| Goodbye::UnexpectedMessage)?;
        Ok(partial.into_block())
    }
}
