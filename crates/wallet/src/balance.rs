use super::{Confirmed, Pending};
use fedcoin_primitives::units::Amount;
use serde::{Deserialize, Serialize};

/// What an address has. When all that waits is mined it has
/// `confirmed + pending_in - pending_out`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Its unspent outputs on the primary chain.
    pub confirmed: Amount,
    /// What others pay it in the mempool.
    pub pending_in: Amount,
    /// What it pays others in the mempool, and the fees.
    pub pending_out: Amount,
    /// The part of `confirmed` that the next block may not spend yet (rule C4).
    pub immature: Amount,
    /// What it can spend now: mature outputs not spent in the mempool, and its own change there.
    pub spendable: Amount,
}

impl Balance {
    /// The balance of an address that has this on the primary chain and this in the mempool, both at the same tip.
    #[must_use]
    pub fn of(confirmed: Confirmed, pending: &Pending) -> Self {
        let Confirmed { sum, immature } = confirmed;
        let mut spendable = sum.saturating_sub(immature).saturating_sub(pending.spent());
        pending.change().iter().for_each(|coin| spendable = spendable.saturating_add(coin.amount));
        Self { confirmed: sum, pending_in: pending.incoming, pending_out: pending.outgoing, immature, spendable }
    }
}
