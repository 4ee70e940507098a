use crate::primitives::{Block, BlockId};

/// A block with its id, which is computed once.
pub(crate) struct IdentifiedBlock {
    pub(super) id: BlockId,
    pub(super) block: Block,
}

impl IdentifiedBlock {
    pub(crate) fn of(block: Block) -> Self {
        Self { id: block.id(), block }
    }

    pub(crate) const fn id(&self) -> BlockId {
        self.id
    }
}
