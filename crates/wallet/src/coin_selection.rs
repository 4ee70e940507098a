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
    /// Which.
    pub outpoint: OutPoint,
    /// How much.
    pub amount: Amount,
    /// Whether a block holds it; else the payment that makes it waits.
    pub mined: bool,
}

/// Most coins that one payment spends; keeps it well below rule T3's size.
pub const MAX_COINS_PER_PAYMENT: usize = 1_000;

/// A wallet of more coins than this gathers small ones.
const MANY: usize = 100;
/// So many at most in one payment.
const MAX_GATHERED: usize = 20;

/// What an address can spend in the next block ([`Pending::spendable`]).
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

/// The order to spend coins in: first those that are mined, the largest first, then change that waits,
/// the largest first. Spending change last keeps chains of unmined payments short (rule P3).
pub fn sort_coins(coins: &mut [Coin]) {
    coins.sort_by_key(|coin| (!coin.mined, Reverse(coin.amount)));
}

/// Takes coins in order until they are worth what so many coins `need`; returns how many, and their
/// sum.
///
/// # Errors
/// [`WalletError::NotEnough`], or [`WalletError::TooManyCoins`] when more than
/// [`MAX_COINS_PER_PAYMENT`] are needed, or what `need` says.
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

/// The smallest mined coins beyond the first `taken`, to be spent with them: each is one place less to
/// pay for when fees are high. None where the wallet has few.
pub(super) fn gather(coins: &[Coin], taken: usize) -> impl Iterator<Item = &Coin> {
    let room = MAX_GATHERED.min(MAX_COINS_PER_PAYMENT.saturating_sub(taken));
    let room = if coins.len() > MANY { room } else { 0 };
    coins[taken..].iter().rev().filter(|coin| coin.mined).take(room)
}
