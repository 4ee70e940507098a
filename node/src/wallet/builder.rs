use super::{Coin, PaymentOrder, plan_payment};
use crate::primitives::{NetworkId, Payment, PrivateKey};
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
    /// The payment to be replaced is not in the mempool: it was mined, or dropped, or is not known.
    #[error("the payment does not wait any more: only a waiting payment can be replaced")]
    NotWaiting,
    /// Its sender gave up the right to replace it.
    #[error("the payment was sent as final: it cannot be replaced")]
    Final,
}

/// A signed payment as ordered: see [`plan_payment`].
///
/// # Errors
/// [`WalletError`]: one variant per reason.
pub fn build_payment(
    key: &PrivateKey,
    network: NetworkId,
    coins: &[Coin],
    order: &PaymentOrder,
) -> Result<Payment, WalletError> {
    plan_payment(key.public_key(), coins, order).map(|plan| plan.sign(key, network))
}

#[cfg(test)]
mod tests {
    use super::super::{Fee, MAX_COINS_PER_PAYMENT, largest_amount};
    use super::*;
    use crate::mempool::FeeRate;
    use crate::primitives::{Address, OutPoint, TxId};

    /// What a wallet with so many coins of 2 units says to a payment.
    fn pay(coins: u32, amount: u64, fee: u64) -> Result<Payment, WalletError> {
        let units = |n| Amount::from_units(n).unwrap();
        let coin = |index| Coin { outpoint: OutPoint { txid: TxId::default(), index }, amount: units(2) };
        let coins: Vec<Coin> = (0..coins).map(coin).collect();
        let key = PrivateKey::from_random(&[1; 32]).unwrap();
        let order = PaymentOrder::new(Address([9; 20]), units(amount), Fee::Total(units(fee)));
        build_payment(&key, NetworkId::default(), &coins, &order)
    }

    #[test]
    fn each_impossible_payment_has_its_error() {
        let units = |n| Amount::from_units(n).unwrap();
        assert_eq!(pay(9, 0, 1), Err(WalletError::ZeroAmount));
        assert_eq!(pay(9, Amount::MAX.units(), 1), Err(WalletError::OutOfRange));
        assert_eq!(pay(9, 15, 4), Err(WalletError::NotEnough { needed: units(19), spendable: units(18) }));
        assert_eq!(pay(0, 1, 0), Err(WalletError::NotEnough { needed: units(1), spendable: Amount::ZERO }));
        let reach = units(2 * MAX_COINS_PER_PAYMENT as u64);
        assert_eq!(pay(1_001, 2_001, 0), Err(WalletError::TooManyCoins { needed: units(2_001), reach }));
        assert_eq!(pay(1_000, 2_001, 0), Err(WalletError::NotEnough { needed: units(2_001), spendable: reach }));
        assert_eq!(pay(1_001, 2_000, 0).unwrap().unsigned.inputs.len(), 1_000);
    }

    #[test]
    fn a_fee_rate_pays_for_each_coin_and_for_the_change() {
        let units = |n| Amount::from_units(n).unwrap();
        let coin = |index| Coin { outpoint: OutPoint { txid: TxId::default(), index }, amount: units(1_000) };
        let coins: Vec<Coin> = (0..5).map(coin).collect();
        let key = PrivateKey::from_random(&[1; 32]).unwrap();
        // Two units a byte: 340 units of one coin and one output, 72 for each more coin, 56 for change.
        let rate = Fee::Rate(FeeRate::new(units(2), 1));
        let pay = |amount| {
            let order = PaymentOrder::new(Address([9; 20]), units(amount), rate);
            build_payment(&key, NetworkId::default(), &coins, &order)
        };
        for (amount, inputs, change) in [
            (600, 1, Some(4)),
            (604, 1, None),
            (660, 1, None),
            (661, 2, Some(2_000 - 661 - 468)),
            (1_588, 2, None),
            (1_589, 3, Some(3_000 - 1_589 - 540)),
        ] {
            let unsigned = pay(amount).unwrap().unsigned;
            let found = unsigned.outputs.get(1).map(|output| output.amount.units());
            assert_eq!((unsigned.inputs.len(), found), (inputs, change), "{amount}");
        }
        let (needed, spendable) = (units(4_373 + 340 + 4 * 72), units(5_000));
        assert_eq!(pay(4_373), Err(WalletError::NotEnough { needed, spendable }));
        assert!(pay(4_372).is_ok());
    }

    #[test]
    fn paying_all_leaves_nothing_but_coins_not_worth_their_place() {
        let units = |n| Amount::from_units(n).unwrap();
        let sender = PrivateKey::from_random(&[1; 32]).unwrap().public_key();
        let rate = Fee::Rate(FeeRate::new(units(2), 1));
        // 340 units of fee for the first coin, 72 for each more.
        for (coins, fee, largest, spent) in [
            (&[1_000, 1_000][..], rate, Ok(2_000 - 412), 2),
            (&[1_000, 60, 71], rate, Ok(660), 1),
            (&[1_000, 60, 500], rate, Ok(1_560 - 484), 3),
            (&[100, 50], Fee::Total(units(7)), Ok(143), 2),
            (&[100, 200], rate, Err((412, 300)), 0),
            (&[], rate, Err((340, 0)), 0),
        ] {
            let coin = |&n: &u64| Coin { outpoint: OutPoint { txid: TxId::default(), index: 0 }, amount: units(n) };
            let coins: Vec<Coin> = coins.iter().map(coin).collect();
            let error =
                |(needed, spendable)| WalletError::NotEnough { needed: units(needed), spendable: units(spendable) };
            let found = largest_amount(&coins, fee);
            assert_eq!(found, largest.map(units).map_err(error));
            let Ok(amount) = found else { continue };
            let plan = plan_payment(sender, &coins, &PaymentOrder::new(Address([9; 20]), amount, fee)).unwrap();
            assert_eq!((plan.unsigned.inputs.len(), plan.unsigned.outputs.len()), (spent, 1));
            assert_eq!(plan.fee, fee.of(plan.bytes()));
            let more = PaymentOrder::new(Address([9; 20]), amount.checked_add(units(1)).unwrap(), fee);
            assert!(plan_payment(sender, &coins, &more).is_err(), "one unit more cannot be paid");
        }
    }

    #[test]
    fn the_largest_payment_of_a_wallet_fits_a_block() {
        let payment = pay(1_000, 1_999, 0).unwrap();
        assert_eq!(payment.unsigned.outputs.len(), 2);
        let params = crate::consensus::ChainParams::classroom();
        assert!(crate::consensus::check_payment_in_isolation(payment, &params).is_ok());
    }
}
