use super::{Coin, sort_coins};
use crate::consensus::{ChainParams, first_spendable_height};
use crate::ledger::Utxo;
use crate::mempool::{Mempool, PoolEntry};
use crate::primitives::{Address, OutPoint};
use crate::units::{Amount, Height};
use std::collections::BTreeSet;

/// What the payments that wait mean for one address.
///
/// Bound: its payments in the mempool.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// What others pay it.
    pub(super) incoming: Amount,
    /// What it pays others, and the fees.
    pub(super) outgoing: Amount,
    /// What its payments spend: nobody else can spend its outputs.
    spent: BTreeSet<OutPoint>,
    /// Its own change that none of them spends.
    pub(super) change: Vec<Coin>,
}

impl Pending {
    /// What waits of an address.
    #[must_use]
    pub fn of(address: &Address, pool: &Mempool) -> Self {
        let mut pending = Self::default();
        for entry in pool.pending(address) {
            let unsigned = &entry.payment().unsigned;
            if unsigned.sender.address() != *address {
                add(&mut pending.incoming, paid(entry, |recipient| recipient == address));
                continue;
            }
            add(&mut pending.outgoing, entry.fee());
            add(&mut pending.outgoing, paid(entry, |recipient| recipient != address));
            pending.spent.extend(&unsigned.inputs);
            let own = entry.payment().outputs().filter(|(_, output)| output.recipient == *address);
            pending.change.extend(own.map(|(outpoint, output)| Coin { outpoint, amount: output.amount, mined: false }));
        }
        let spent = &pending.spent;
        pending.change.retain(|coin| !spent.contains(&coin.outpoint));
        pending
    }

    /// What the address can spend in the next block, in the order of [`sort_coins`]: its mature outputs that no payment
    /// in the mempool spends, and its own change in the mempool.
    #[must_use]
    pub fn spendable(
        &self,
        confirmed: impl IntoIterator<Item = (OutPoint, Utxo)>,
        next_height: Height,
        params: &ChainParams,
    ) -> Vec<Coin> {
        let free = confirmed.into_iter().filter(|(outpoint, utxo)| self.leaves(outpoint, utxo, next_height, params));
        let mined = free.map(|(outpoint, utxo)| Coin { outpoint, amount: utxo.output.amount, mined: true });
        let mut coins: Vec<Coin> = mined.chain(self.change.iter().copied()).collect();
        sort_coins(&mut coins);
        coins
    }

    /// Whether an output of the address is mature (rule C4) and not spent in the mempool.
    pub(super) fn leaves(&self, outpoint: &OutPoint, utxo: &Utxo, next_height: Height, params: &ChainParams) -> bool {
        first_spendable_height(utxo, params) <= next_height && !self.spent.contains(outpoint)
    }
}

/// What a payment pays to the recipients asked for.
fn paid(entry: &PoolEntry, to: impl Fn(&Address) -> bool) -> Amount {
    let outputs = entry.payment().unsigned.outputs.iter().filter(|output| to(&output.recipient));
    Amount::checked_sum(outputs.map(|output| output.amount)).unwrap_or(Amount::MAX)
}

/// A chain of unmined payments may move the same money several times: the sum stops at the
/// maximum.
pub(super) fn add(sum: &mut Amount, amount: Amount) {
    *sum = sum.checked_add(amount).unwrap_or(Amount::MAX);
}
