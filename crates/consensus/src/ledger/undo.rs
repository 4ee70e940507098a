use super::Utxo;
use crate::HistoryNode;
use borsh::{BorshDeserialize, BorshSerialize};
use fedcoin_primitives::OutPoint;
use serde::{Deserialize, Serialize};

/// The data to disconnect a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Undo {
    /// The outputs it spent, except those it created itself, in the order of spending.
    pub spent: Vec<(OutPoint, Utxo)>,
    /// The history's peaks that the block's header replaced: one on average (rule B8).
    pub peaks: Vec<HistoryNode>,
}
