//! Replacing a waiting payment with a higher fee: the mempool accepts the wallet's plan, and refuses a fee one unit
//! lower.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use fedcoin_testkit::driver as harness;

use fedcoin_node::Event;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{Payment, TxId};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Fee, PaymentOrder, WalletError, plan_payment};
use harness::*;

/// A node with the genesis key's 50 FED.
fn owner() -> Driver {
    Driver::new(ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() })
}

/// Makes a payment and returns its id.
fn pay(d: &mut Driver, amount: Amount, fee: u64) -> TxId {
    let key = genesis_key();
    let order = PaymentOrder::new(address(9), amount, Fee::Total(units(fee)));
    let coins = d.node.spendable_coins(&key.public_key().address());
    let payment = plan_payment(key.public_key(), &coins, &order).unwrap().sign(&key, d.node.network());
    let txid = payment.txid();
    assert_eq!(submit(d, payment), Ok(()));
    txid
}

fn submit(d: &mut Driver, payment: Payment) -> Result<(), PoolError> {
    d.submit_payment(payment);
    let result = d.events.iter().rev().find_map(|event| match event {
        Event::PaymentSubmitted { result, .. } => Some(result.clone()),
        _ => None,
    });
    result.unwrap()
}

fn units(n: u64) -> Amount {
    Amount::from_units(n).unwrap()
}

#[test]
fn the_planned_fee_is_the_minimum_accepted() {
    // Without children, and with two payments that spend its change.
    for children in [0, 2] {
        let mut d = owner();
        let first = pay(&mut d, Amount::from_fed(2), 1_000);
        for _ in 0..children {
            pay(&mut d, Amount::from_fed(1), 5_000);
        }
        let plan = d.node.plan_replacement(&first, None).unwrap();
        assert_eq!(plan.fee, units(1_000 + 5_000 * children + 198));
        let less = Fee::Total(plan.fee.saturating_sub(units(1)));
        let refused = d.node.plan_replacement(&first, Some(less));
        assert_eq!(refused, Err(WalletError::LowReplacement { now: units(1_000), least: plan.fee }));
        let mut less = plan.clone();
        let change = &mut less.unsigned.outputs.last_mut().unwrap().amount;
        *change = change.checked_add(units(1)).unwrap();
        let less = less.sign(&genesis_key(), d.node.network());
        let refused = submit(&mut d, less);
        assert_eq!(refused, Err(PoolError::ReplacementFee { got: units(plan.fee.units() - 1), min: plan.fee }));
        let payment = plan.sign(&genesis_key(), d.node.network());
        let second = payment.txid();
        assert_eq!(submit(&mut d, payment), Ok(()));
        assert_eq!(d.node.mempool().iter().map(|entry| entry.txid()).collect::<Vec<_>>(), [second]);
        assert_eq!(d.node.plan_replacement(&first, None), Err(WalletError::NotWaiting));
    }
}

#[test]
fn unconfirmed_change_does_not_pay_for_the_fee() {
    let mut d = owner();
    let all = Amount::from_fed(50).saturating_sub(units(500));
    let first = pay(&mut d, all, 500);
    let error = WalletError::NotEnough {
        needed: Amount::from_fed(50).checked_add(units(670 - 500)).unwrap(),
        spendable: Amount::from_fed(50),
    };
    assert_eq!(d.node.plan_replacement(&first, None), Err(error));
}
