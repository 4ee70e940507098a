use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// Which of two chains of equal work wins (rule F2). It does not depend on what arrived first, so
/// that all nodes agree even when mining rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieBreak {
    /// The one whose last header has the earlier time, then the lower id: the teaching coin's rule.
    EarlierTime,
    /// The one whose last header has the lower id: nobody can choose it, so that a withheld block
    /// wins by chance only.
    LowerId,
}
