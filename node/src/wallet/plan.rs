use super::coin_selection::{Coin, MAX_COINS_PER_PAYMENT, select};
use super::{PaymentOrder, WalletError};
use crate::primitives::{NetworkId, Output, Payment, PrivateKey, PublicKey, UnsignedPayment};
use crate::units::Amount;

/// A payment as it would be made, before anybody signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What would be signed.
    pub unsigned: UnsignedPayment,
    /// What the miner would get.
    pub fee: Amount,
}

impl Plan {
    /// Size of the signed payment in bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        Payment::size_of(self.unsigned.inputs.len(), self.unsigned.outputs.len())
    }

    /// The payment, signed by the key of its sender.
    #[must_use]
    pub fn sign(self, key: &PrivateKey, network: NetworkId) -> Payment {
        let signature = key.sign(&self.unsigned.signing_message(network));
        Payment { unsigned: self.unsigned, signature }
    }
}

/// A payment as ordered. It spends `coins` (all of `sender`'s address) in order until they are
/// enough; the rest comes back as change.
///
/// # Errors
/// [`WalletError`]: one variant per reason.
pub fn plan_payment(sender: PublicKey, coins: &[Coin], order: &PaymentOrder) -> Result<Plan, WalletError> {
    let PaymentOrder { recipient, amount, fee, replaceable } = *order;
    if amount == Amount::ZERO {
        return Err(WalletError::ZeroAmount);
    }
    let needed = |coins, outputs| {
        let fee = fee.of(Payment::size_of(coins, outputs));
        amount.checked_add(fee).ok_or(WalletError::OutOfRange)
    };
    let (coins, sum) = select(coins, |coins| needed(coins, 1))?;
    let mut outputs = vec![Output { amount, recipient }];
    // Where the change would not pay for its own place, the miner gets it.
    let change = sum.saturating_sub(needed(coins.len(), 2)?);
    if change > Amount::ZERO {
        outputs.push(Output { amount: change, recipient: sender.address() });
    }
    let inputs = coins.into_iter().map(|coin| coin.outpoint).collect();
    let fee = sum.saturating_sub(amount).saturating_sub(change);
    Ok(Plan { unsigned: UnsignedPayment { sender, replaceable, inputs, outputs }, fee })
}

/// The largest amount that one payment can pay from `coins` at this fee, with nothing left over.
/// Coins that are worth less than their own place in the payment are left alone.
///
/// # Errors
/// [`WalletError::NotEnough`] when the coins are not worth the fee.
pub fn largest_amount(coins: &[Coin], fee: super::Fee) -> Result<Amount, WalletError> {
    let (mut sum, mut largest) = (Amount::ZERO, Amount::ZERO);
    for (taken, coin) in (1..=MAX_COINS_PER_PAYMENT).zip(coins) {
        sum = sum.checked_add(coin.amount).unwrap_or(Amount::MAX);
        largest = largest.max(sum.saturating_sub(fee.of(Payment::size_of(taken, 1))));
    }
    if largest == Amount::ZERO {
        let needed = fee.of(Payment::size_of(coins.len().clamp(1, MAX_COINS_PER_PAYMENT), 1));
        return Err(WalletError::NotEnough { needed, spendable: sum });
    }
    Ok(largest)
}
