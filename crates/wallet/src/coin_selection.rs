use super::{Pending, WalletError, mature_coins};
use core::cmp::Reverse;
use fedcoin_consensus::ChainParams;
use fedcoin_consensus::ledger::UtxoSet;
use fedcoin_mempool::Mempool;
use fedcoin_primitives::units::{Amount, Height};
use fedcoin_primitives::{Address, OutPoint};
use serde::{Deserialize, Serialize};

/// An output that its owner can spend now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coin {
    /// The output's outpoint.
    pub outpoint: OutPoint,
    /// The output's amount.
    pub amount: Amount,
    /// Whether it is confirmed; otherwise it is change of a waiting payment.
    pub mined: bool,
}

/// Maximum number of coins in one payment, well below the size that rule T3 allows.
pub const MAX_COINS_PER_PAYMENT: usize = 1_000;

/// A wallet with more coins than this consolidates small ones.
const MANY: usize = 100;
/// Maximum number of small coins to add to one payment.
const MAX_GATHERED: usize = 20;

/// The coins that an address can spend in the next block ([`Pending::spendable`]).
#[must_use]
pub fn spendable_coins(
    utxos: &UtxoSet,
    pool: &Mempool,
    address: &Address,
    next_height: Height,
    params: &ChainParams,
) -> Vec<Coin> {
    let mature = mature_coins(utxos.of(address), next_height, params);
    Pending::of(address, pool, utxos, next_height, params).spendable(&mature).collect()
}

/// Sorts coins in the recommended order of spending: confirmed coins, largest first, then unconfirmed change, largest
/// first. Spending change last keeps chains of unconfirmed payments short (rule P3).
pub fn sort_coins(coins: &mut [Coin]) {
    coins.sort_by_key(|coin| (!coin.mined, Reverse(coin.amount)));
}

/// Takes coins in order until their value covers what that number of coins `need`. Returns their number and value.
///
/// # Errors
/// [`WalletError::NotEnough`]; [`WalletError::TooManyCoins`] above [`MAX_COINS_PER_PAYMENT`]; or the error of `need`.
pub fn select(
    coins: &[Coin],
    need: impl Fn(usize) -> Result<Amount, WalletError>,
) -> Result<(usize, Amount), WalletError> {
    let mut sum = Amount::ZERO;
    for (taken, coin) in (1..).zip(coins) {
        sum = sum.checked_add(coin.amount).unwrap_or(Amount::MAX);
        let needed = need(taken)?;
        if sum >= needed {
            return Ok((taken, sum));
        }
        if taken == MAX_COINS_PER_PAYMENT && taken < coins.len() {
            return Err(WalletError::TooManyCoins { needed, reach: sum });
        }
    }
    Err(WalletError::NotEnough { needed: need(coins.len().max(1))?, spendable: sum })
}

/// The smallest confirmed coins beyond the first `taken`, to spend along while fees are low. None if the wallet has few
/// coins.
pub(super) fn gather(coins: &[Coin], taken: usize) -> impl Iterator<Item = &Coin> {
    let room = MAX_GATHERED.min(MAX_COINS_PER_PAYMENT.saturating_sub(taken));
    let room = if coins.len() > MANY { room } else { 0 };
    coins[taken..].iter().rev().filter(|coin| coin.mined).take(room)
}
