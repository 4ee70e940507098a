use super::{Commitment, HistoryRoot, LedgerRoot, PaymentsRoot, sha256};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// The state before a block that the block commits to, besides its own transactions.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct StateRoots {
    /// The root over all headers before the block (rule B8).
    pub history: HistoryRoot,
    /// The root over the unspent outputs at the last checkpoint that is old enough (rule B9).
    pub ledger: LedgerRoot,
}

const TAG: &[u8] = b"FEDCoin commitment";

impl StateRoots {
    /// What the header of a block with these transactions contains (rule B3).
    #[must_use]
    pub fn commitment(&self, payments: &PaymentsRoot) -> Commitment {
        Commitment(sha256(&[TAG, &payments.0, &self.history.0, &self.ledger.0]))
    }
}
