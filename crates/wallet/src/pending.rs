use super::confirmed::is_mature;
use super::{Coin, sort_coins};
use fedcoin_consensus::ChainParams;
use fedcoin_consensus::ledger::UtxoSet;
use fedcoin_mempool::{Mempool, PoolEntry};
use fedcoin_primitives::units::{Amount, Height};
use fedcoin_primitives::{Address, OutPoint};
use std::collections::{BTreeMap, BTreeSet};

/// The effect of waiting payments on one address.
///
/// Bound: its payments in the mempool.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// What others pay to it.
    pub(super) incoming: Amount,
    /// What it pays to others, fees included.
    pub(super) outgoing: Amount,
    /// Its mature outputs on the primary chain that its waiting payments spend.
    spent: BTreeMap<OutPoint, Amount>,
    /// Its own change that none of them spends, in the order of [`sort_coins`].
    change: Vec<Coin>,
}

impl Pending {
    /// The effect of the mempool on an address with these unspent outputs; `next_height` is the height of the next
    /// block.
    #[must_use]
    pub fn of(address: &Address, pool: &Mempool, utxos: &UtxoSet, next_height: Height, params: &ChainParams) -> Self {
        let (mut pending, mut spent) = (Self::default(), BTreeSet::new());
        for entry in pool.pending(address) {
            let unsigned = &entry.payment().unsigned;
            if unsigned.sender.address() != *address {
                pending.incoming = pending.incoming.saturating_add(paid(entry, |recipient| recipient == address));
                continue;
            }
            pending.outgoing = pending.outgoing.saturating_add(entry.fee());
            pending.outgoing = pending.outgoing.saturating_add(paid(entry, |recipient| recipient != address));
            spent.extend(&unsigned.inputs);
            let own = entry.payment().outputs().filter(|(_, output)| output.recipient == *address);
            pending.change.extend(own.map(|(outpoint, output)| Coin { outpoint, amount: output.amount, mined: false }));
        }
        pending.change.retain(|coin| !spent.contains(&coin.outpoint));
        sort_coins(&mut pending.change);
        let mature = |outpoint: &OutPoint| utxos.get(outpoint).filter(|utxo| is_mature(utxo, next_height, params));
        pending.spent =
            spent.into_iter().filter_map(|outpoint| Some((outpoint, mature(&outpoint)?.output.amount))).collect();
        pending
    }

    /// What the address can spend in the next block, in the order of [`sort_coins`]: its [`mature_coins`] at the same
    /// tip that no payment in the mempool spends, and its own change in the mempool.
    ///
    /// [`mature_coins`]: super::mature_coins
    pub fn spendable<'a>(&'a self, mature: &'a [Coin]) -> impl Iterator<Item = Coin> + 'a {
        let free = mature.iter().filter(|coin| !self.spent.contains_key(&coin.outpoint));
        free.chain(&self.change).copied()
    }

    /// Number of coins in [`Self::spendable`], given the number of mature ones.
    #[must_use]
    pub fn spendable_count(&self, mature: usize) -> usize {
        mature.saturating_sub(self.spent.len()) + self.change.len()
    }

    /// The value of the mature outputs that are spent.
    pub(super) fn spent(&self) -> Amount {
        Amount::saturating_sum(self.spent.values().copied())
    }

    pub(super) fn change(&self) -> &[Coin] {
        &self.change
    }
}

/// The amount that a payment pays to the recipients selected by `to`.
fn paid(entry: &PoolEntry, to: impl Fn(&Address) -> bool) -> Amount {
    let outputs = entry.payment().unsigned.outputs.iter().filter(|output| to(&output.recipient));
    Amount::saturating_sum(outputs.map(|output| output.amount))
}
