use super::coin_selection::{Coin, select};
use crate::primitives::{Address, NetworkId, Output, Payment, PrivateKey, UnsignedPayment};
use crate::units::Amount;
use serde::{Deserialize, Serialize};

/// A payment cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum WalletError {
    /// Nothing to pay.
    #[error("the amount is zero")]
    ZeroAmount,
    /// The coins are worth too little.
    #[error("{needed} FED are needed with the fee, {spendable} FED can be spent now")]
    NotEnough {
        /// Amount and fee.
        needed: Amount,
        /// What the coins are worth.
        spendable: Amount,
    },
    /// The coins are too small: too many would be needed.
    #[error("{needed} FED are needed with the fee; one payment can reach {reach} FED of so small coins: pay in parts")]
    TooManyCoins {
        /// Amount and fee.
        needed: Amount,
        /// What the most coins allowed are worth.
        reach: Amount,
    },
    /// Amount and fee exceed the largest amount.
    #[error("amount and fee add up to more than {max} FED", max = Amount::MAX)]
    OutOfRange,
}

/// A signed payment of `amount` to `recipient`, leaving `fee` to the miner. It spends `coins` (all
/// of `key`'s address) in order until they are enough; the rest comes back as change.
///
/// # Errors
/// [`WalletError`]: one variant per reason.
pub fn build_payment(
    key: &PrivateKey,
    network: NetworkId,
    coins: &[Coin],
    recipient: Address,
    amount: Amount,
    fee: Amount,
) -> Result<Payment, WalletError> {
    if amount == Amount::ZERO {
        return Err(WalletError::ZeroAmount);
    }
    let needed = amount.checked_add(fee).ok_or(WalletError::OutOfRange)?;
    let (coins, sum) = select(coins, needed)?;
    let sender = key.public_key();
    let mut outputs = vec![Output { amount, recipient }];
    let change = sum.saturating_sub(needed);
    if change > Amount::ZERO {
        outputs.push(Output { amount: change, recipient: sender.address() });
    }
    let inputs = coins.into_iter().map(|coin| coin.outpoint).collect();
    let unsigned = UnsignedPayment { sender, inputs, outputs };
    let signature = key.sign(&unsigned.signing_message(network));
    Ok(Payment { unsigned, signature })
}
