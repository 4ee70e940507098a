use super::Utxo;
use borsh::{BorshDeserialize, BorshSerialize};
use fedcoin_primitives::OutPoint;
use serde::{Deserialize, Serialize};

/// What takes a block off again: the outputs it spent that it did not make itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Undo {
    /// In the order in which they were spent.
    pub spent: Vec<(OutPoint, Utxo)>,
}
