use super::{Coin, sort_coins};
use fedcoin_consensus::ledger::Utxo;
use fedcoin_consensus::{ChainParams, first_spendable_height};
use fedcoin_primitives::OutPoint;
use fedcoin_primitives::units::{Amount, Height};

/// The confirmed amounts of an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// The sum of its unspent outputs.
    pub sum: Amount,
    /// The part that the next block may not spend yet (rule C4).
    pub immature: Amount,
}

impl Confirmed {
    /// Adds up unspent outputs; `next_height` is the height of the next block.
    #[must_use]
    pub fn of(outputs: impl IntoIterator<Item = (OutPoint, Utxo)>, next_height: Height, params: &ChainParams) -> Self {
        let mut confirmed = Self::default();
        for (_, utxo) in outputs {
            confirmed.sum = confirmed.sum.saturating_add(utxo.output.amount);
            if !is_mature(&utxo, next_height, params) {
                confirmed.immature = confirmed.immature.saturating_add(utxo.output.amount);
            }
        }
        confirmed
    }
}

/// An owner's unspent outputs that the next block may spend (rule C4), in the order of [`sort_coins`].
#[must_use]
pub fn mature_coins(
    outputs: impl IntoIterator<Item = (OutPoint, Utxo)>,
    next_height: Height,
    params: &ChainParams,
) -> Vec<Coin> {
    let mature = outputs.into_iter().filter(|(_, utxo)| is_mature(utxo, next_height, params));
    let mut coins: Vec<Coin> =
        mature.map(|(outpoint, utxo)| Coin { outpoint, amount: utxo.output.amount, mined: true }).collect();
    sort_coins(&mut coins);
    coins
}

pub(super) fn is_mature(utxo: &Utxo, next_height: Height, params: &ChainParams) -> bool {
    first_spendable_height(utxo, params) <= next_height
}
