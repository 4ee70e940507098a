use super::pending::{Pending, add};
use crate::consensus::{ChainParams, first_spendable_height};
use crate::ledger::Utxo;
use crate::primitives::OutPoint;
use crate::units::{Amount, Height};
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
    /// The balance of an address with these unspent outputs on the primary chain; `next_height` is that of the next
    /// block.
    #[must_use]
    pub fn of(
        confirmed: impl IntoIterator<Item = (OutPoint, Utxo)>,
        pending: &Pending,
        next_height: Height,
        params: &ChainParams,
    ) -> Self {
        let (pending_in, pending_out) = (pending.incoming, pending.outgoing);
        let mut balance = Self { pending_in, pending_out, ..Self::default() };
        for (outpoint, utxo) in confirmed {
            add(&mut balance.confirmed, utxo.output.amount);
            if first_spendable_height(&utxo, params) > next_height {
                add(&mut balance.immature, utxo.output.amount);
            }
            if pending.leaves(&outpoint, &utxo, next_height, params) {
                add(&mut balance.spendable, utxo.output.amount);
            }
        }
        pending.change.iter().for_each(|coin| add(&mut balance.spendable, coin.amount));
        balance
    }
}
