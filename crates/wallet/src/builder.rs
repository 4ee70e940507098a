use super::{Coin, PaymentOrder, plan_payment};
use fedcoin_primitives::units::Amount;
use fedcoin_primitives::{NetworkId, Payment, PrivateKey};
use serde::{Deserialize, Serialize};

/// Why a payment cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum WalletError {
    /// The amount is zero.
    #[error("the amount is zero")]
    ZeroAmount,
    /// The coins do not cover amount and fee.
    #[error("amount and fee are {needed} FED, but only {spendable} FED can be spent now")]
    NotEnough {
        /// Amount plus fee.
        needed: Amount,
        /// The total value of the coins.
        spendable: Amount,
    },
    /// The coins are too small: the payment would need too many.
    #[error(
        "amount and fee are {needed} FED, but one payment of such small coins reaches only {reach} FED: pay in parts"
    )]
    TooManyCoins {
        /// Amount plus fee.
        needed: Amount,
        /// The value of the maximum number of coins.
        reach: Amount,
    },
    /// Amount and fee together exceed the maximum amount.
    #[error("amount and fee add up to more than {max} FED", max = Amount::MAX)]
    OutOfRange,
    /// The payment to replace is not in the mempool: it was mined, dropped, or is unknown.
    #[error("the payment no longer waits: only a waiting payment can be replaced")]
    NotWaiting,
    /// The sender made the payment final.
    #[error("the payment was sent as final: it cannot be replaced")]
    Final,
    /// The fee is too low for the place of a waiting payment (rules P10 and P11).
    #[error("the payment pays {now} FED now: a replacement must pay at least {least} FED")]
    LowReplacement {
        /// The fee that the waiting payment pays.
        now: Amount,
        /// The least for its place.
        least: Amount,
    },
}

/// Builds and signs an order in one payment: see [`plan_payment`].
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
    use super::super::{Fee, MAX_COINS_PER_PAYMENT, MAX_PARTS, Sum, plan_payments};
    use super::*;
    use fedcoin_mempool::FeeRate;
    use fedcoin_primitives::{Address, OutPoint, TxId};

    /// The result of a payment from `coins` coins of 2 units.
    fn pay(coins: u32, amount: u64, fee: u64) -> Result<Payment, WalletError> {
        let units = |n| Amount::from_units(n).unwrap();
        let coin = |index| Coin { outpoint: OutPoint { txid: TxId::default(), index }, amount: units(2), mined: true };
        let coins: Vec<Coin> = (0..coins).map(coin).collect();
        let key = PrivateKey::from_random(&[1; 32]).unwrap();
        let order = PaymentOrder::new(Address([9; 20]), units(amount), Fee::Total(units(fee)));
        build_payment(&key, NetworkId::default(), &coins, &order)
    }

    #[test]
    fn each_impossible_payment_gets_its_error() {
        let units = |n| Amount::from_units(n).unwrap();
        assert_eq!(pay(9, 0, 1), Err(WalletError::ZeroAmount));
        assert_eq!(pay(9, Amount::MAX.units(), 1), Err(WalletError::OutOfRange));
        assert_eq!(pay(9, 15, 4), Err(WalletError::NotEnough { needed: units(19), spendable: units(18) }));
        assert_eq!(pay(0, 1, 0), Err(WalletError::NotEnough { needed: units(1), spendable: Amount::ZERO }));
        let reach = units(2 * MAX_COINS_PER_PAYMENT as u64);
        for coins in [1_001, 10_000] {
            assert_eq!(pay(coins, 2_001, 0), Err(WalletError::TooManyCoins { needed: units(2_001), reach }));
        }
        assert_eq!(pay(1_000, 2_001, 0), Err(WalletError::NotEnough { needed: units(2_001), spendable: reach }));
        assert_eq!(pay(1_001, 2_000, 0).unwrap().unsigned.inputs.len(), 1_000);
    }

    #[test]
    fn a_fee_rate_pays_for_each_coin_and_for_the_change() {
        let units = |n| Amount::from_units(n).unwrap();
        let coin =
            |index| Coin { outpoint: OutPoint { txid: TxId::default(), index }, amount: units(1_000), mined: true };
        let coins: Vec<Coin> = (0..5).map(coin).collect();
        let key = PrivateKey::from_random(&[1; 32]).unwrap();
        // Two units per byte: 340 units for one coin and one output, 72 for each further coin, 56 for change.
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

    fn coins(amounts: impl IntoIterator<Item = u64>) -> Vec<Coin> {
        let outpoint = |index| OutPoint { txid: TxId::default(), index };
        let coin = |(index, n)| Coin { outpoint: outpoint(index), amount: units(n), mined: true };
        (0..).zip(amounts).map(coin).collect()
    }

    fn units(n: u64) -> Amount {
        Amount::from_units(n).unwrap()
    }

    fn sender() -> fedcoin_primitives::PublicKey {
        PrivateKey::from_random(&[1; 32]).unwrap().public_key()
    }

    #[test]
    fn paying_all_leaves_only_uneconomical_coins() {
        let rate = Fee::Rate(FeeRate::new(units(2), 1));
        // A fee of 340 units for the first coin, 72 for each further one.
        for (amounts, fee, largest, spent) in [
            (&[1_000, 1_000][..], rate, Ok(2_000 - 412), 2),
            (&[1_000, 60, 72], rate, Ok(660), 1),
            (&[1_000, 60, 500], rate, Ok(1_500 - 412), 2),
            (&[1_000, 73], rate, Ok(1_073 - 412), 2),
            (&[100, 50], Fee::Total(units(7)), Ok(143), 2),
            (&[100, 200], rate, Err((412, 300)), 0),
            (&[60, 60], rate, Err((340, 0)), 0),
            (&[], rate, Err((340, 0)), 0),
        ] {
            let coins = coins(amounts.iter().copied());
            let error =
                |(needed, spendable)| WalletError::NotEnough { needed: units(needed), spendable: units(spendable) };
            let all = PaymentOrder::new(Address([9; 20]), Sum::All, fee);
            let found = plan_payment(sender(), &coins, &all);
            assert_eq!(found.as_ref().map(|plan| plan.amount), largest.map(units).map_err(error).as_ref().copied());
            assert_eq!(plan_payments(sender(), &coins, &all), found.clone().map(|plan| vec![plan]));
            let Ok(plan) = found else { continue };
            assert_eq!((plan.unsigned.inputs.len(), plan.unsigned.outputs.len()), (spent, 1));
            assert_eq!(plan.fee, fee.of(plan.bytes()));
            let more = plan.amount.checked_add(units(1)).unwrap();
            let more = PaymentOrder::new(Address([9; 20]), more, fee);
            assert!(plan_payment(sender(), &coins, &more).is_err(), "one unit more is too much");
        }
    }

    #[test]
    fn an_order_takes_as_many_payments_as_its_coins_require() {
        // A thousand coins cost 1,004 units.
        let rate = Fee::Rate(FeeRate::new(units(1), 36));
        let most = MAX_COINS_PER_PAYMENT as u64;
        for (count, amount, parts) in [
            (1_000, 998 * 1_000, 1),
            (1_001, 1_000 * 1_000 - 1_004, 1),
            (1_001, 1_000 * 1_000 - 1_003, 2),
            (2_001, 2_000 * 1_000 - 2_008, 2),
            (2_001, 2_000 * 1_000 - 2_007, 3),
            (10_000, 9_980 * 1_000, 10),
        ] {
            let coins = coins(std::iter::repeat_n(1_000, count));
            let order = PaymentOrder::new(Address([9; 20]), units(amount), rate);
            let plans = plan_payments(sender(), &coins, &order).unwrap();
            assert_eq!(plans.len(), parts, "{amount} of {count} coins");
            assert_eq!(Amount::checked_sum(plans.iter().map(|plan| plan.amount)), Some(units(amount)));
            let spent: std::collections::BTreeSet<OutPoint> =
                plans.iter().flat_map(|plan| plan.unsigned.inputs.iter().copied()).collect();
            assert_eq!(spent.len(), plans.iter().map(|plan| plan.unsigned.inputs.len()).sum::<usize>());
            assert!(
                plans.iter().all(|plan| plan.unsigned.inputs.len() as u64 <= most && plan.fee >= rate.of(plan.bytes()))
            );
            let single = plan_payment(sender(), &coins, &order);
            assert_eq!(single.is_ok(), parts == 1, "{single:?}");
        }
    }

    #[test]
    fn errors_cover_all_parts() {
        let order = |amount, fee| PaymentOrder::new(Address([9; 20]), amount, Fee::Total(units(fee)));
        let plan = |count, order| plan_payments(sender(), &coins(std::iter::repeat_n(10, count)), &order);
        let (needed, spendable) = (units(25_001 + 3 * 7), units(25_000));
        let short = plan(2_500, order(Sum::Exactly(units(25_001)), 7));
        assert_eq!(short, Err(WalletError::NotEnough { needed, spendable }));
        let parts = MAX_PARTS * MAX_COINS_PER_PAYMENT;
        let most = units(parts as u64 * 10);
        assert_eq!(plan(parts + 1, order(most.into(), 0)).map(|plans| plans.len()), Ok(MAX_PARTS));
        let needed = most.checked_add(units(1)).unwrap();
        let above = plan(parts + 1, order(needed.into(), 0));
        assert_eq!(above, Err(WalletError::TooManyCoins { needed, reach: most }));
        let all = plan(parts + 1, order(Sum::All, 0)).unwrap();
        assert_eq!(Amount::checked_sum(all.iter().map(|plan| plan.amount)), Some(most));
        assert_eq!(plan(2_500, order(Sum::All, 0)).map(|plans| plans.len()), Ok(3));
        // The last part would not be worth its fee.
        assert_eq!(plan(2_001, order(Sum::All, 10)).map(|plans| plans.len()), Ok(2));
    }

    #[test]
    fn small_coins_are_consolidated_while_fees_are_low() {
        let pay = |amounts: &[u64], gather| {
            let order = PaymentOrder::new(Address([9; 20]), units(10), Fee::Total(units(1)));
            plan_payment(sender(), &coins(amounts.iter().copied()), &PaymentOrder { gather, ..order }).unwrap()
        };
        let many: Vec<u64> = (1..=101).rev().collect();
        let plan = pay(&many, true);
        assert_eq!(plan.unsigned.inputs.len(), 1 + 20);
        assert_eq!(plan.unsigned.inputs[1].index, 100, "the smallest coin first");
        assert_eq!(plan.unsigned.outputs[1].amount, units(101 + (1..=20).sum::<u64>() - 11));
        assert_eq!((plan.amount, plan.fee), (units(10), units(1)));
        assert_eq!(pay(&many, false).unsigned.inputs.len(), 1);
        assert_eq!(pay(&(1..=1_000).rev().collect::<Vec<_>>(), true).unsigned.inputs.len(), 1 + 20);
        assert_eq!(pay(&many[..100], true).unsigned.inputs.len(), 1, "few enough");
    }

    #[test]
    fn the_largest_payment_of_a_wallet_fits_into_a_block() {
        let payment = pay(1_000, 1_999, 0).unwrap();
        assert_eq!(payment.unsigned.outputs.len(), 2);
        let params = fedcoin_consensus::ChainParams::classroom();
        assert!(fedcoin_consensus::check_payment_in_isolation(payment, &params).is_ok());
    }
}
