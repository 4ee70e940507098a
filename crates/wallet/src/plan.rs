use super::coin_selection::{Coin, MAX_COINS_PER_PAYMENT, gather, select};
use super::{Fee, PaymentOrder, Sum, WalletError};
use fedcoin_primitives::units::Amount;
use fedcoin_primitives::{NetworkId, OutPoint, Output, Payment, PrivateKey, PublicKey, UnsignedPayment};

/// Maximum number of payments for one order.
pub const MAX_PARTS: usize = 100;

/// An unsigned payment, and its amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The payment to sign.
    pub unsigned: UnsignedPayment,
    /// Amount for the recipient.
    pub amount: Amount,
    /// Amount for the miner.
    pub fee: Amount,
}

impl Plan {
    /// Size of the signed payment in bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        Payment::size_of(self.unsigned.inputs.len(), self.unsigned.outputs.len())
    }

    /// Signs the payment with its sender's key.
    #[must_use]
    pub fn sign(self, key: &PrivateKey, network: NetworkId) -> Payment {
        let signature = key.sign(&self.unsigned.signing_message(network));
        Payment { unsigned: self.unsigned, signature }
    }
}

/// Plans an order as one payment. It spends `coins` (all of `sender`'s address) in order until they suffice; the rest
/// returns as change. Coins worth less than the cost of their input are not used.
///
/// # Errors
/// [`WalletError`]: one variant per reason.
pub fn plan_payment(sender: PublicKey, coins: &[Coin], order: &PaymentOrder) -> Result<Plan, WalletError> {
    let coins = worth_spending(coins, order.fee);
    let amount = match order.amount {
        Sum::Exactly(amount) => amount,
        Sum::All => largest_amount(&coins, order.fee)?,
    };
    plan(sender, &coins, amount, order)
}

/// Plans an order as one or several payments, each with its own coins, all but the last without change. A total fee
/// applies to each payment. With [`Sum::All`], [`MAX_PARTS`] payments may leave coins.
///
/// # Errors
/// [`WalletError`]: one variant per reason; [`WalletError::TooManyCoins`] above [`MAX_PARTS`] payments.
pub fn plan_payments(sender: PublicKey, coins: &[Coin], order: &PaymentOrder) -> Result<Vec<Plan>, WalletError> {
    let coins = worth_spending(coins, order.fee);
    match order.amount {
        Sum::Exactly(amount) => plan_parts(sender, &coins, amount, order),
        Sum::All => plan_all(sender, &coins, order),
    }
}

fn plan_parts(
    sender: PublicKey,
    mut coins: &[Coin],
    amount: Amount,
    order: &PaymentOrder,
) -> Result<Vec<Plan>, WalletError> {
    let (mut plans, mut rest, mut spent) = (Vec::new(), amount, Amount::ZERO);
    let with_spent = |sum: Amount, spent| sum.checked_add(spent).unwrap_or(Amount::MAX);
    loop {
        match plan(sender, coins, rest, order) {
            Ok(last) => {
                plans.push(last);
                return Ok(plans);
            }
            Err(WalletError::TooManyCoins { .. }) if plans.len() + 1 < MAX_PARTS => {}
            Err(WalletError::TooManyCoins { needed, reach }) => {
                let (needed, reach) = (with_spent(needed, spent), with_spent(reach, spent));
                return Err(WalletError::TooManyCoins { needed, reach });
            }
            Err(WalletError::NotEnough { needed, spendable }) => {
                let (needed, spendable) = (with_spent(needed, spent), with_spent(spendable, spent));
                return Err(WalletError::NotEnough { needed, spendable });
            }
            Err(error) => return Err(error),
        }
        let (now, later) = coins.split_at(MAX_COINS_PER_PAYMENT);
        let part = plan(sender, now, largest_amount(now, order.fee)?, order)?;
        rest = rest.saturating_sub(part.amount);
        spent = with_spent(part.amount, with_spent(part.fee, spent));
        coins = later;
        plans.push(part);
    }
}

fn plan_all(sender: PublicKey, coins: &[Coin], order: &PaymentOrder) -> Result<Vec<Plan>, WalletError> {
    // Otherwise there is nothing to pay.
    largest_amount(coins, order.fee)?;
    let parts = coins.chunks(MAX_COINS_PER_PAYMENT).take(MAX_PARTS);
    let parts = parts.map_while(|part| Some((part, largest_amount(part, order.fee).ok()?)));
    parts.map(|(part, amount)| plan(sender, part, amount, order)).collect()
}

/// One payment of coins that are all worth their input.
fn plan(sender: PublicKey, coins: &[Coin], amount: Amount, order: &PaymentOrder) -> Result<Plan, WalletError> {
    let PaymentOrder { recipient, fee, replaceable, .. } = *order;
    if amount == Amount::ZERO {
        return Err(WalletError::ZeroAmount);
    }
    let needed = |coins, outputs| {
        let fee = fee.of(Payment::size_of(coins, outputs));
        amount.checked_add(fee).ok_or(WalletError::OutOfRange)
    };
    let (taken, mut sum) = select(coins, |coins| needed(coins, 1))?;
    let mut inputs: Vec<OutPoint> = coins[..taken].iter().map(|coin| coin.outpoint).collect();
    for coin in gather(coins, taken).take_while(|_| order.gather) {
        inputs.push(coin.outpoint);
        sum = sum.checked_add(coin.amount).ok_or(WalletError::OutOfRange)?;
    }
    let mut outputs = vec![Output { amount, recipient }];
    // If the change is worth less than its output costs, the miner gets it.
    let change = sum.saturating_sub(needed(inputs.len(), 2)?);
    if change > Amount::ZERO {
        outputs.push(Output { amount: change, recipient: sender.address() });
    }
    let fee = sum.saturating_sub(amount).saturating_sub(change);
    Ok(Plan { unsigned: UnsignedPayment { sender, replaceable, inputs, outputs }, amount, fee })
}

fn worth_spending(coins: &[Coin], fee: Fee) -> Vec<Coin> {
    coins.iter().filter(|coin| fee.pays_off(coin.amount)).copied().collect()
}

/// The largest amount that one payment can pay from `coins`, all worth their input, without a rest.
fn largest_amount(coins: &[Coin], fee: Fee) -> Result<Amount, WalletError> {
    let coins = &coins[..coins.len().min(MAX_COINS_PER_PAYMENT)];
    let spendable = coins.iter().fold(Amount::ZERO, |sum, coin| sum.checked_add(coin.amount).unwrap_or(Amount::MAX));
    let needed = fee.of(Payment::size_of(coins.len().max(1), 1));
    match spendable.saturating_sub(needed) {
        Amount::ZERO => Err(WalletError::NotEnough { needed, spendable }),
        largest => Ok(largest),
    }
}
