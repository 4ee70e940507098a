use super::Utxo;
use crate::primitives::OutPoint;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// What takes a block off again: the outputs it spent that it did not make itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Undo {
    /// In the order in which they were spent.
    pub spent: Vec<(OutPoint, Utxo)>,
}
