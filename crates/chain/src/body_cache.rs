use fedcoin_consensus::SoundBlock;
use fedcoin_consensus::ledger::Undo;
use fedcoin_primitives::BlockId;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Stored blocks in memory: those just received, just connected, or loaded for a reorganisation. The oldest are dropped
/// first.
///
/// Bound: [`BodyCache::MAX_BLOCKS`] blocks, [`BodyCache::MAX_BYTES`] of them encoded, and their undo data, which is
/// less than twice as large. [`super::Chain`] never needs more than one request's worth at once.
#[derive(Default)]
pub(crate) struct BodyCache {
    blocks: BTreeMap<BlockId, CachedBlock>,
    order: VecDeque<BlockId>,
    bytes: usize,
}

/// A block and, once it has been connected, its undo data.
#[derive(Clone)]
pub(crate) struct CachedBlock {
    pub(crate) block: Arc<SoundBlock>,
    pub(crate) undo: Option<Arc<Undo>>,
}

impl BodyCache {
    const MAX_BYTES: usize = 32_000_000;
    /// Four times the number of blocks downloaded ahead. In memory, an empty block takes several times its encoded
    /// size.
    const MAX_BLOCKS: usize = 1_024;

    pub(crate) fn get(&self, id: &BlockId) -> Option<&CachedBlock> {
        self.blocks.get(id)
    }

    pub(crate) fn insert(&mut self, block: Arc<SoundBlock>, undo: Option<Arc<Undo>>) {
        let id = block.id();
        self.bytes += block.block().size();
        if let Some(old) = self.blocks.insert(id, CachedBlock { block, undo }) {
            self.bytes -= old.block.block().size();
            return;
        }
        self.order.push_back(id);
        while (self.bytes > Self::MAX_BYTES || self.order.len() > Self::MAX_BLOCKS) && self.order.len() > 1 {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(old) = self.blocks.remove(&oldest) {
                self.bytes -= old.block.block().size();
            }
        }
    }

    pub(crate) fn set_undo(&mut self, id: &BlockId, undo: &Undo) {
        if let Some(cached) = self.blocks.get_mut(id) {
            cached.undo = Some(Arc::new(undo.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_consensus::ChainParams;
    use fedcoin_primitives::units::Height;

    #[test]
    fn the_oldest_blocks_are_dropped_above_the_limit() {
        let mut cache = BodyCache::default();
        let genesis = ChainParams::regtest().genesis_block();
        let ids: Vec<BlockId> = (0..10 * BodyCache::MAX_BLOCKS)
            .map(|n| {
                let mut block = genesis.clone();
                block.header.time.0 = n as u64;
                let id = block.id();
                cache.insert(Arc::new(SoundBlock::from_store(block, Height(1))), None);
                assert_eq!(cache.blocks.len(), BodyCache::MAX_BLOCKS.min(n + 1));
                id
            })
            .collect();
        let (gone, here) = ids.split_at(9 * BodyCache::MAX_BLOCKS);
        assert!(gone.iter().all(|id| cache.get(id).is_none()) && here.iter().all(|id| cache.get(id).is_some()));
        assert_eq!(cache.bytes, BodyCache::MAX_BLOCKS * genesis.size());
    }
}
