use super::{Confirmed, Pending};
use fedcoin_primitives::units::Amount;
use serde::{Deserialize, Serialize};

/// The balance of an address. When the mempool has been mined, it is `confirmed + pending_in - pending_out`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Sum of its unspent outputs on the primary chain.
    pub confirmed: Amount,
    /// What payments of others in the mempool pay to it.
    pub pending_in: Amount,
    /// What its payments in the mempool pay to others, fees included.
    pub pending_out: Amount,
    /// The part of `confirmed` that the next block may not spend yet (rule C4).
    pub immature: Amount,
    /// What it can spend now: mature outputs that no payment in the mempool spends, and its own change there.
    pub spendable: Amount,
}

impl Balance {
    /// The balance of an address with these confirmed and pending amounts, both at the same tip.
    #[must_use]
    pub fn of(confirmed: Confirmed, pending: &Pending) -> Self {
        let Confirmed { sum, immature } = confirmed;
        let mut spendable = sum.saturating_sub(immature).saturating_sub(pending.spent());
        pending.change().iter().for_each(|coin| spendable = spendable.saturating_add(coin.amount));
        Self { confirmed: sum, pending_in: pending.incoming, pending_out: pending.outgoing, immature, spendable }
    }
}
