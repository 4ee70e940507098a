use core::time::Duration;
use fedcoin_primitives::units::Monotonic;
use fedcoin_primitives::{Block, BlockId, Identified};
use std::collections::BTreeMap;

/// Blocks with unknown parents, kept for a while (rule F4).
///
/// Bounds: [`OrphanBlocks::MAX_BLOCKS`] blocks and [`OrphanBlocks::MAX_BYTES`] bytes, each for
/// [`OrphanBlocks::LIFETIME`]. When full, the oldest is dropped.
#[derive(Default)]
pub(crate) struct OrphanBlocks {
    blocks: BTreeMap<BlockId, Orphan>,
    bytes: usize,
}

struct Orphan {
    block: Identified<Block>,
    since: Monotonic,
}

impl OrphanBlocks {
    const MAX_BLOCKS: usize = 64;
    const MAX_BYTES: usize = 8_000_000;
    const LIFETIME: Duration = Duration::from_secs(30 * 60);

    pub(crate) fn len(&self) -> usize {
        self.blocks.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        self.blocks.iter().map(|(id, orphan)| (*id, &*orphan.block))
    }

    pub(crate) fn insert(&mut self, block: Identified<Block>, now: Monotonic) {
        let id = block.id();
        if self.blocks.contains_key(&id) {
            return;
        }
        self.bytes += block.size();
        self.blocks.insert(id, Orphan { block, since: now });
        while self.blocks.len() > Self::MAX_BLOCKS || self.bytes > Self::MAX_BYTES {
            let Some(oldest) = self.blocks.iter().min_by_key(|(_, o)| o.since).map(|(id, _)| *id) else { break };
            self.remove(&oldest);
        }
    }

    /// Removes and returns the children of `parent`.
    pub(crate) fn take_children(&mut self, parent: &BlockId) -> Vec<Identified<Block>> {
        let ids: Vec<BlockId> =
            self.blocks.iter().filter(|(_, o)| o.block.header.previous == *parent).map(|(id, _)| *id).collect();
        ids.iter().filter_map(|id| self.remove(id)).collect()
    }

    /// Drops expired blocks.
    pub(crate) fn expire(&mut self, now: Monotonic) {
        let old: Vec<BlockId> =
            self.blocks.iter().filter(|(_, o)| now.since(o.since) >= Self::LIFETIME).map(|(id, _)| *id).collect();
        for id in old {
            self.remove(&id);
        }
    }

    fn remove(&mut self, id: &BlockId) -> Option<Identified<Block>> {
        let orphan = self.blocks.remove(id)?;
        self.bytes -= orphan.block.size();
        Some(orphan.block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_consensus::ChainParams;

    fn block(salt: u32, previous: u8) -> Identified<Block> {
        let mut block = ChainParams::regtest().genesis_block();
        block.header.salt = salt;
        block.header.previous = BlockId([previous; 32]);
        block.into()
    }

    #[test]
    fn children_are_found_and_limits_hold() {
        let mut orphans = OrphanBlocks::default();
        for salt in 0..100 {
            let block = block(salt, u8::from(salt % 2 == 1));
            orphans.insert(block, Monotonic(salt.into()));
        }
        assert_eq!(orphans.len(), OrphanBlocks::MAX_BLOCKS);
        let children = orphans.take_children(&BlockId([1; 32]));
        assert_eq!(children.len(), 32);
        assert!(children.iter().all(|b| b.header.salt >= 36), "the oldest are dropped first");
        orphans.expire(Monotonic(98).after(OrphanBlocks::LIFETIME));
        assert_eq!(orphans.len(), 0);
        assert_eq!(orphans.bytes, 0);
    }
}
