//! Blocks in lists and in full.

use super::spent::read_with_spent;
use super::{confirmations, read_block, transactions};
use crate::messages::{BlockDetails, BlockState, BlockSummary, MAX_BLOCKS_SHOWN};
use fedcoin_node::Node;
use fedcoin_node::chain::{BlockInfo, BlockStatus};
use fedcoin_node::primitives::{Address, Block, BlockId};
use fedcoin_node::units::{Amount, Height};
use fedcoin_store::{Store, StoreError};
use std::collections::BTreeMap;

/// Maximum number of remembered body summaries.
const MAX_REMEMBERED: usize = 1_000;
/// Heights of the primary chain among the recent blocks.
const HEIGHTS: u32 = 40;
/// Heights during a sync, when all are new each time and the page must respond to the user.
const PASSING_HEIGHTS: u32 = 12;
/// Maximum blocks of other branches among them.
const MAX_SIDE: usize = 16;
/// Maximum orphan blocks among them.
const MAX_ORPHANS: usize = MAX_BLOCKS_SHOWN - HEIGHTS as usize - MAX_SIDE;

/// Creates summaries, and caches the parts that would need reads from the store.
#[derive(Debug, Default)]
pub struct BlockLister {
    bodies: BTreeMap<BlockId, Body>,
}

/// The part of a summary that comes from the block's body, which never changes.
#[derive(Clone, Copy, Debug)]
struct Body {
    payments: u32,
    bytes: u32,
    miner: Address,
    reward: Amount,
}

impl BlockLister {
    /// The newest blocks, side branches and orphans included, highest first; fewer during a sync.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn recent(&mut self, node: &Node, store: &Store) -> Result<Vec<BlockSummary>, StoreError> {
        let mut blocks = Vec::with_capacity(MAX_BLOCKS_SHOWN);
        let heights = if node.sync_status().is_fetching() { PASSING_HEIGHTS } else { HEIGHTS };
        for (id, info) in node.chain().chain_tips(heights, MAX_SIDE) {
            blocks.push(self.summary(node, store, id, &info)?);
        }
        blocks.extend(node.chain().orphans().take(MAX_ORPHANS).map(|(id, block)| orphan(id, block)));
        blocks.sort_by_key(|block| std::cmp::Reverse(block.height));
        Ok(blocks)
    }

    /// Blocks of the primary chain from a height (or the tip) downwards.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn primary(
        &mut self,
        node: &Node,
        store: &Store,
        from: Option<Height>,
        count: usize,
    ) -> Result<Vec<BlockSummary>, StoreError> {
        let tip = node.chain().tip().height;
        let from = from.map_or(tip, |from| from.min(tip));
        let heights = (0..=from.0).rev().take(count.min(MAX_BLOCKS_SHOWN));
        let ids: Vec<BlockId> = heights.filter_map(|height| node.chain().id_at(Height(height))).collect();
        let mut blocks = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(info) = node.chain().block_info(&id) {
                blocks.push(self.summary(node, store, id, &info)?);
            }
        }
        Ok(blocks)
    }

    /// A block in full; `None` if it is not stored.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn details(&mut self, node: &Node, store: &Store, id: &BlockId) -> Result<Option<BlockDetails>, StoreError> {
        let Some(info) = node.chain().block_info(id) else { return Ok(None) };
        let Some((block, spent)) = read_with_spent(store, id)? else { return Ok(None) };
        let summary = self.summary(node, store, *id, &info)?;
        let confirmations = confirmations(node, &info);
        let held_by = Some((*id, info.height));
        let payments =
            block.payments.iter().map(|p| transactions::details(p, &spent, held_by, confirmations)).collect();
        let next = node.chain().id_at(Height(info.height.0.saturating_add(1))).filter(|_| info.primary);
        Ok(Some(BlockDetails { summary, coinbase_id: block.coinbase.txid(), block, payments, confirmations, next }))
    }

    fn summary(
        &mut self,
        node: &Node,
        store: &Store,
        id: BlockId,
        info: &BlockInfo,
    ) -> Result<BlockSummary, StoreError> {
        let body = match self.bodies.get(&id) {
            Some(body) => Some(*body),
            None if info.status == BlockStatus::HeaderOnly => None,
            None => {
                let body = read_block(node, store, &id)?.map(|block| Body::of(&block));
                self.remember(id, body);
                body
            }
        };
        Ok(BlockSummary {
            id,
            previous: info.header.previous,
            height: info.height,
            time: info.header.time,
            target: info.header.target,
            state: state(info),
            payments: body.map(|body| body.payments),
            bytes: body.map(|body| body.bytes),
            miner: body.map(|body| body.miner),
            reward: body.map(|body| body.reward),
        })
    }

    fn remember(&mut self, id: BlockId, body: Option<Body>) {
        let Some(body) = body else { return };
        if self.bodies.len() >= MAX_REMEMBERED {
            self.bodies.clear();
        }
        self.bodies.insert(id, body);
    }
}

impl Body {
    fn of(block: &Block) -> Self {
        Self {
            // Both are bounded by the maximum block size.
            payments: block.payments.len() as u32,
            bytes: block.size() as u32,
            miner: block.coinbase.output.recipient,
            reward: block.coinbase.output.amount,
        }
    }
}

/// An orphan block, at the height that its coinbase claims.
fn orphan(id: BlockId, block: &Block) -> BlockSummary {
    let body = Body::of(block);
    BlockSummary {
        id,
        previous: block.header.previous,
        height: block.coinbase.height,
        time: block.header.time,
        target: block.header.target,
        state: BlockState::Orphan,
        payments: Some(body.payments),
        bytes: Some(body.bytes),
        miner: Some(body.miner),
        reward: Some(body.reward),
    }
}

fn state(info: &BlockInfo) -> BlockState {
    match info.status {
        _ if info.primary => BlockState::Primary,
        BlockStatus::Invalid => BlockState::Invalid,
        BlockStatus::HeaderOnly => BlockState::HeaderOnly,
        BlockStatus::Stored => BlockState::Side,
    }
}
