use super::Utxo;
use borsh::{BorshDeserialize, BorshSerialize};
use fedcoin_primitives::OutPoint;
use serde::{Deserialize, Serialize};

/// The data to disconnect a block: the outputs it spent, except those it created itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Undo {
    /// In the order of spending.
    pub spent: Vec<(OutPoint, Utxo)>,
}
