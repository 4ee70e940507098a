use fedcoin_primitives::BlockId;
use serde::{Deserialize, Serialize};

/// A stored block, as encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadedBlock {
    /// The block's id.
    pub id: BlockId,
    /// The encoded [`fedcoin_primitives::Block`].
    pub block: Vec<u8>,
    /// The encoded [`fedcoin_consensus::ledger::Undo`], if the block has been connected once.
    pub undo: Option<Vec<u8>>,
}
