use fedcoin_primitives::BlockId;
use fedcoin_primitives::units::{CompactTarget, Height, Timestamp, Work};
use serde::{Deserialize, Serialize};

/// A block's place in the chain.
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
    /// The work of the chain up to it.
    pub work: Work,
}
