use super::WalletError;
use crate::consensus::{ChainParams, first_spendable_height};
use crate::ledger::UtxoSet;
use crate::mempool::Mempool;
use crate::primitives::{Address, OutPoint};
use crate::units::{Amount, Height};
use core::cmp::Reverse;
use serde::{Deserialize, Serialize};

/// An output that its owner can spend now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coin {
    /// Which.
    pub outpoint: OutPoint,
    /// How much.
    pub amount: Amount,
}

/// Most coins that one payment spends; keeps it well below rule T3's size.
pub const MAX_COINS_PER_PAYMENT: usize = 1_000;

/// What an address can spend in the next block: first its mature outputs that no payment in the
/// mempool spends, the largest first, then its own change in the mempool, the largest first.
/// Spending change last keeps chains of unmined payments short (rule P3).
#[must_use]
pub fn spendable_coins(
    utxos: &UtxoSet,
    pool: &Mempool,
    address: &Address,
    next_height: Height,
    params: &ChainParams,
) -> Vec<Coin> {
    let free = |coin: &Coin| pool.spender(&coin.outpoint).is_none();
    let mature = utxos.of(address).filter(|(_, utxo)| first_spendable_height(utxo, params) <= next_height);
    let mut coins: Vec<Coin> =
        mature.map(|(outpoint, utxo)| Coin { outpoint, amount: utxo.output.amount }).filter(free).collect();
    let own = pool.pending(address).filter(|entry| entry.payment().unsigned.sender.address() == *address);
    let change = own.flat_map(|entry| entry.payment().outputs()).filter(|(_, output)| output.recipient == *address);
    let mut change: Vec<Coin> =
        change.map(|(outpoint, output)| Coin { outpoint, amount: output.amount }).filter(free).collect();
    coins.sort_by_key(|coin| Reverse(coin.amount));
    change.sort_by_key(|coin| Reverse(coin.amount));
    coins.extend(change);
    coins
}

/// Takes coins in order until they are worth what so many coins `need`; returns them with their
/// sum.
///
/// # Errors
/// [`WalletError::NotEnough`], or [`WalletError::TooManyCoins`] when more than
/// [`MAX_COINS_PER_PAYMENT`] are needed, or what `need` says.
pub fn select(
    coins: &[Coin],
    need: impl Fn(usize) -> Result<Amount, WalletError>,
) -> Result<(Vec<Coin>, Amount), WalletError> {
    let mut sum = Amount::ZERO;
    for (taken, coin) in (1..).zip(coins) {
        sum = sum.checked_add(coin.amount).unwrap_or(Amount::MAX);
        let needed = need(taken)?;
        if sum >= needed {
            return Ok((coins[..taken].to_vec(), sum));
        }
        if taken == MAX_COINS_PER_PAYMENT && taken < coins.len() {
            return Err(WalletError::TooManyCoins { needed, reach: sum });
        }
    }
    Err(WalletError::NotEnough { needed: need(coins.len().max(1))?, spendable: sum })
}
