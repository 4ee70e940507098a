use super::coin_selection::{Coin, spendable_coins};
use crate::consensus::{ChainParams, first_spendable_height};
use crate::ledger::UtxoSet;
use crate::mempool::{Mempool, PoolEntry};
use crate::primitives::Address;
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
    /// The balance of an address; `next_height` is that of the next block.
    #[must_use]
    pub fn of(address: &Address, utxos: &UtxoSet, pool: &Mempool, next_height: Height, params: &ChainParams) -> Self {
        let mut balance = Self::default();
        for (_, utxo) in utxos.of(address) {
            add(&mut balance.confirmed, utxo.output.amount);
            if first_spendable_height(&utxo, params) > next_height {
                add(&mut balance.immature, utxo.output.amount);
            }
        }
        for entry in pool.pending(address) {
            if entry.payment().unsigned.sender.address() == *address {
                add(&mut balance.pending_out, entry.fee());
                add(&mut balance.pending_out, paid(entry, |recipient| recipient != address));
            } else {
                add(&mut balance.pending_in, paid(entry, |recipient| recipient == address));
            }
        }
        for Coin { amount, .. } in spendable_coins(utxos, pool, address, next_height, params) {
            add(&mut balance.spendable, amount);
        }
        balance
    }
}

/// What a payment pays to the recipients asked for.
fn paid(entry: &PoolEntry, to: impl Fn(&Address) -> bool) -> Amount {
    let outputs = entry.payment().unsigned.outputs.iter().filter(|output| to(&output.recipient));
    Amount::checked_sum(outputs.map(|output| output.amount)).unwrap_or(Amount::MAX)
}

/// A chain of unmined payments may move the same money several times: the sum stops at the
/// maximum.
fn add(sum: &mut Amount, amount: Amount) {
    *sum = sum.checked_add(amount).unwrap_or(Amount::MAX);
}
