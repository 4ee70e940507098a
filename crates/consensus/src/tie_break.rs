use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// Which of two chains of equal work wins (rule F2). The choice does not depend on which arrived first, so all nodes
/// agree even when mining rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieBreak {
    /// The one whose last header has the earlier time, then the lower id: the teaching coin's rule.
    EarlierTime,
    /// The one whose last header has the lower id. Nobody can choose an id, so a withheld block wins only by chance.
    LowerId,
}
