use fedcoin_primitives::BlockId;
use fedcoin_primitives::units::{CompactTarget, Height, Timestamp, Work};
use serde::{Deserialize, Serialize};

/// The header fields of a block that matter for a chain's tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TipInfo {
    /// Its id.
    pub id: BlockId,
    /// Its height.
    pub height: Height,
    /// Its time.
    pub time: Timestamp,
    /// Its target.
    pub target: CompactTarget,
    /// Work of the chain up to the block.
    pub work: Work,
}
