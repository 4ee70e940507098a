//! Rules P1 to P15.

use crate::common::{Ledger, address, key, map_key, params, pay, pool, pool_of, sign, units};
use crate::harness;
use crate::ledger::c2;
use crate::{first_payment, nowhere, output};
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::{ChainParams, check_payment_in_isolation};
use fedcoin_node::mempool::{FeeRate, MAX_ANCESTORS, Mempool, PoolError, PoolPolicy};
use fedcoin_node::primitives::{OutPoint, Output, Payment, Signature, TxId, UnsignedPayment};
use fedcoin_node::units::{Amount, Now};
use fedcoin_node::{Command, Effect, Event, Input, Node, RequestId};

fn offer(pool: &mut Mempool, ledger: &Ledger, payment: &Payment) -> Result<Vec<TxId>, PoolError> {
    let payment = check_payment_in_isolation(payment.clone(), &ledger.params).unwrap();
    let admitted = pool.admit(&payment, &ledger.context());
    let result = pool.insert(payment.verify(ledger.network).unwrap(), &ledger.context());
    assert_eq!(admitted, result.clone().map(|_| ()), "the check gives the same answer");
    Ok(result?.iter().map(|dropped| dropped.txid).collect())
}

/// A ledger in which key 1 has `coins` coins: `ledger.coinbase(0)` and so on.
fn rich(coins: usize) -> Ledger {
    let mut ledger = Ledger::new(params());
    for _ in 1..coins {
        ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
    }
    ledger
}

/// A payment of key 1 to itself from one or more inputs, each of 50 FED minus `gone` units, with this fee.
fn to_self(ledger: &Ledger, inputs: &[OutPoint], gone: u64, fee: u64, replaceable: bool) -> Payment {
    let amount = 5_000_000_000 * inputs.len() as u64 - gone - fee;
    let unsigned = UnsignedPayment {
        sender: key(1).public_key(),
        replaceable,
        inputs: inputs.to_vec(),
        outputs: vec![Output { amount: units(amount), recipient: address(1) }],
    };
    sign(&key(1), ledger.network, unsigned)
}

/// The payment's only output.
fn made(payment: &Payment) -> OutPoint {
    OutPoint { txid: payment.txid(), index: 0 }
}

/// Encoded size of a payment with this number of inputs and outputs.
const fn size(inputs: usize, outputs: usize) -> usize {
    98 + 4 + 36 * inputs + 4 + 28 * outputs
}

pub(crate) fn p1() -> PoolError {
    let (ledger, mut pool) = (Ledger::new(params()), pool());
    let payment = first_payment(&ledger, units(1));
    offer(&mut pool, &ledger, &payment).unwrap();
    offer(&mut pool, &ledger, &payment).unwrap_err()
}

pub(crate) fn p2() -> [PoolError; 2] {
    let (ledger, mut pool) = (Ledger::new(params()), pool());
    let (first, second) = (first_payment(&ledger, units(2)), first_payment(&ledger, units(1)));
    offer(&mut pool, &ledger, &first).unwrap();
    // It does not conflict with itself.
    assert_eq!(pool.check_coins_free(&first), Ok(()));
    // A higher fee does not help.
    [offer(&mut pool, &ledger, &second).unwrap_err(), pool.check_coins_free(&second).unwrap_err()]
}

/// Payments of key 1 to itself, each spending the previous one, with `outputs` outputs.
fn chain_of_payments(ledger: &Ledger, n: usize, outputs: usize) -> Vec<Payment> {
    let mut input = ledger.coinbase(0);
    let next = |fed| {
        let mut outputs = vec![output(units(1)); outputs];
        outputs[0] = Output { amount: Amount::from_fed(fed), recipient: address(1) };
        let payment = pay(&key(1), ledger.network, vec![input], outputs);
        input = made(&payment);
        payment
    };
    (10..50).rev().map(next).take(n).collect()
}

/// The error of the last payment; all others are accepted.
fn last_refused(ledger: &Ledger, mut payments: Vec<Payment>) -> PoolError {
    let (mut pool, last) = (pool(), payments.pop().unwrap());
    for payment in payments {
        offer(&mut pool, ledger, &payment).unwrap();
    }
    offer(&mut pool, ledger, &last).unwrap_err()
}

pub(crate) fn p3() -> [PoolError; 2] {
    // The first of the chain has one descendant less than allowed: only the ancestors exceed the limit.
    let ledger = rich(2);
    let mut chain = chain_of_payments(&ledger, MAX_ANCESTORS, 1);
    let beside = to_self(&ledger, &[ledger.coinbase(1)], 0, 0, false);
    let both = |one: &Payment, other: &Payment| {
        pay(&key(1), ledger.network, vec![made(one), made(other)], vec![output(units(1))])
    };
    let last = both(&chain[MAX_ANCESTORS - 1], &beside);
    chain.extend([beside, last]);
    let count = last_refused(&ledger, chain);

    // 45,000 bytes each, and 14,000 of another.
    let large = chain_of_payments(&ledger, 2, 1_600);
    let outputs = vec![Output { amount: units(1), recipient: address(1) }; 500];
    let other = pay(&key(1), ledger.network, vec![ledger.coinbase(1)], outputs);
    let last = both(&large[1], &other);
    let bytes = last_refused(&ledger, [large, vec![other, last]].concat());
    [count, bytes]
}

pub(crate) fn p4() -> PoolError {
    let ledger = rich(2);
    let mut pool = pool_of(1, usize::MAX);
    let of = |coin, fee| to_self(&ledger, &[ledger.coinbase(coin)], 0, fee, false);
    offer(&mut pool, &ledger, &of(0, 10)).unwrap();
    let better = offer(&mut pool.clone(), &ledger, &of(1, 11)).unwrap();
    assert_eq!(better, vec![of(0, 10).txid()]);
    offer(&mut pool, &ledger, &of(1, 10)).unwrap_err()
}

/// A mempool that requires 1 unit per byte.
fn pool_with_minimum(max_payments: usize) -> Mempool {
    let policy = PoolPolicy::server(&ChainParams::main());
    assert_eq!(policy.min_fee_rate, FeeRate::new(units(1), 1));
    Mempool::new(PoolPolicy { max_payments, ..policy }, map_key())
}

pub(crate) fn p7() -> PoolError {
    let ledger = rich(1);
    let least = size(1, 1) as u64;
    let of = |fee| to_self(&ledger, &[ledger.coinbase(0)], 0, fee, false);
    assert_eq!(offer(&mut pool_with_minimum(9), &ledger, &of(least)), Ok(vec![]));
    assert_eq!(offer(&mut pool(), &ledger, &of(0)), Ok(vec![]), "classroom and regtest accept payments without a fee");
    offer(&mut pool_with_minimum(9), &ledger, &of(least - 1)).unwrap_err()
}

pub(crate) fn p8() -> PoolError {
    let ledger = rich(3);
    let mut pool = pool_of(1, usize::MAX);
    let of = |coin, fee| to_self(&ledger, &[ledger.coinbase(coin)], 0, fee, false);
    offer(&mut pool, &ledger, &of(0, 10 * size(1, 1) as u64)).unwrap();
    offer(&mut pool, &ledger, &of(1, 20 * size(1, 1) as u64)).unwrap();
    offer(&mut pool, &ledger, &of(2, 11 * size(1, 1) as u64 - 1)).unwrap_err()
}

pub(crate) fn p9() -> [PoolError; 2] {
    let ledger = rich(1);
    let fan = |outputs: u32, ballast: usize| {
        let mut made = vec![Output { amount: units(10_000), recipient: address(1) }; outputs as usize];
        made.extend(vec![output(units(1)); ballast]);
        let parent = pay(&key(1), ledger.network, vec![ledger.coinbase(0)], made);
        let child = |index| {
            let input = OutPoint { txid: parent.txid(), index };
            pay(&key(1), ledger.network, vec![input], vec![output(units(1)); 1 + ballast / 2])
        };
        let children: Vec<Payment> = (0..outputs).map(child).collect();
        last_refused(&ledger, [vec![parent.clone()], children].concat())
    };
    [fan(26, 0), fan(3, 1_500)]
}

/// The result of a replacement in a mempool with a replaceable payment of coin 0 with a fee of 1,000 units, and a child
/// with 500 units.
fn replacement(
    coins: usize,
    replace: impl FnOnce(&Ledger, &Payment, &mut Mempool) -> Payment,
) -> Result<Vec<TxId>, PoolError> {
    let (ledger, mut pool) = (rich(coins), pool());
    let first = to_self(&ledger, &[ledger.coinbase(0)], 0, 1_000, true);
    let child = to_self(&ledger, &[made(&first)], 1_000, 500, true);
    offer(&mut pool, &ledger, &first).unwrap();
    offer(&mut pool, &ledger, &child).unwrap();
    let new = replace(&ledger, &first, &mut pool);
    let before: Vec<TxId> = pool.txids().collect();
    let result = offer(&mut pool, &ledger, &new);
    match &result {
        Ok(left) => {
            assert_eq!(*left, [child.txid(), first.txid()]);
            assert_eq!(pool.txids().collect::<Vec<_>>(), [new.txid()]);
        }
        Err(_) => assert_eq!(pool.txids().collect::<Vec<_>>(), before),
    }
    result
}

/// The required fee of a payment with one input that replaces these two.
const REPLACING_FEE: u64 = 1_500 + size(1, 1) as u64;

#[test]
fn a_replacement_that_pays_for_all_it_replaces_is_accepted() {
    replacement(1, |ledger, _, _| to_self(ledger, &[ledger.coinbase(0)], 0, REPLACING_FEE, false)).unwrap();
}

pub(crate) fn p10() -> PoolError {
    // It pays more, but is larger.
    replacement(2, |ledger, _, _| {
        let inputs = [ledger.coinbase(0), ledger.coinbase(1)];
        to_self(ledger, &inputs, 0, 1_000 * size(2, 1) as u64 / size(1, 1) as u64, false)
    })
    .unwrap_err()
}

pub(crate) fn p11() -> PoolError {
    replacement(1, |ledger, _, _| to_self(ledger, &[ledger.coinbase(0)], 0, REPLACING_FEE - 1, false)).unwrap_err()
}

pub(crate) fn p12() -> PoolError {
    // Five payments with 20 children each, and the five themselves.
    let (ledger, mut pool) = (rich(5), pool());
    for coin in 0..5 {
        let mut made = vec![Output { amount: units(100), recipient: address(1) }; 20];
        made.push(output(Amount::from_fed(49)));
        let mut parent = pay(&key(1), ledger.network, vec![ledger.coinbase(coin)], made).unsigned;
        parent.replaceable = true;
        let parent = sign(&key(1), ledger.network, parent);
        offer(&mut pool, &ledger, &parent).unwrap();
        for index in 0..20 {
            let input = OutPoint { txid: parent.txid(), index };
            offer(&mut pool, &ledger, &pay(&key(1), ledger.network, vec![input], vec![output(units(1))])).unwrap();
        }
    }
    let coins: Vec<OutPoint> = (0..5).map(|coin| ledger.coinbase(coin)).collect();
    let fee = 1_000_000_000;
    let four = to_self(&ledger, &coins[..4], 0, fee, false);
    assert_eq!(offer(&mut pool.clone(), &ledger, &four).unwrap().len(), 84);
    offer(&mut pool, &ledger, &to_self(&ledger, &coins, 0, fee, false)).unwrap_err()
}

pub(crate) fn p13() -> PoolError {
    replacement(2, |ledger, first, _| to_self(ledger, &[ledger.coinbase(0), made(first)], 1_000, 1_000_000, false))
        .unwrap_err()
}

pub(crate) fn p14() -> PoolError {
    replacement(2, |ledger, _, pool| {
        let waiting = to_self(ledger, &[ledger.coinbase(1)], 0, 0, false);
        offer(pool, ledger, &waiting).unwrap();
        to_self(ledger, &[ledger.coinbase(0), made(&waiting)], 0, 1_000_000, false)
    })
    .unwrap_err()
}

/// A node whose driver checks no signature.
pub(crate) fn p15() -> PoolError {
    let (ledger, now) = (rich(1), Now::default());
    let mut node = Node::new(harness::config(params(), vec![]), Snapshot::default(), now).unwrap();
    let first = first_payment(&ledger, units(1)).unsigned;
    for fee in 0..=2_000 {
        let unsigned = UnsignedPayment { outputs: vec![output(units(1 + fee))], ..first.clone() };
        let payment = Payment { unsigned, signature: Signature::ZERO };
        node.handle(
            Input::Command(Command::SubmitPayment { request: RequestId(fee), payment, may_replace: true }),
            now,
        );
    }
    let answers = std::iter::from_fn(|| node.poll_effect()).filter_map(|effect| match effect {
        Effect::Emit(Event::PaymentSubmitted { request, result, .. }) => Some((request, result)),
        _ => None,
    });
    match &answers.collect::<Vec<_>>()[..] {
        [(RequestId(2_000), Err(error))] => error.clone(),
        other => panic!("the others wait: {other:?}"),
    }
}

#[test]
fn pool_errors_have_found_and_expected_values() {
    let ledger = rich(3);
    let of = |coin, fee| to_self(&ledger, &[ledger.coinbase(coin)], 0, fee, true);
    assert_eq!(p1(), PoolError::Known);
    let with = first_payment(&ledger, units(2)).txid();
    let outpoint = ledger.coinbase(0);
    assert_eq!(p2(), [PoolError::Conflict { outpoint, with }, PoolError::CoinTaken { outpoint, with }]);
    let got = 2 * size(1, 1_600) + size(1, 500) + size(2, 1);
    assert_eq!(
        p3(),
        [PoolError::TooManyAncestors { got: 26, max: 25 }, PoolError::AncestorsTooLarge { got, max: 101_000 },]
    );
    assert_eq!(p4(), PoolError::Full);
    assert_eq!(p7(), PoolError::FeeTooLow { got: units(169), min: units(170) });
    assert_eq!(p8(), PoolError::BelowRisingMinimum { got: units(11 * 170 - 1), min: units(11 * 170) });
    let [count, bytes] = p9();
    assert!(matches!(count, PoolError::TooManyDescendants { got: 26, max: 25, .. }));
    let expected = size(1, 1_503) + 3 * size(1, 751);
    assert!(matches!(bytes, PoolError::DescendantsTooLarge { got, max: 101_000, .. } if got == expected), "{bytes}");
    let first = of(0, 1_000);
    let got = 1_000 * size(2, 1) as u64 / size(1, 1) as u64;
    let (got, min) = (units(got), units(got + 1));
    assert_eq!(p10(), PoolError::ReplacementRate { replaced: first.txid(), got, min });
    let (got, min) = (units(REPLACING_FEE - 1), units(REPLACING_FEE));
    assert_eq!(p11(), PoolError::ReplacementFee { got, min });
    assert_eq!(p12(), PoolError::ReplacesTooMany { got: 105, max: 100 });
    assert_eq!(p13(), PoolError::BuildsOnReplaced { ancestor: first.txid() });
    let parent = to_self(&ledger, &[ledger.coinbase(1)], 0, 0, false).txid();
    assert_eq!(p14(), PoolError::NewUnminedParent { parent });
    assert_eq!(p15(), PoolError::Busy { max: 2_000 });

    let mut pool = pool();
    let missing = pay(&key(1), ledger.network, vec![nowhere(1)], vec![output(units(1))]);
    let error = offer(&mut pool, &ledger, &missing).unwrap_err();
    assert_eq!((error.rule(), error), ("C1", PoolError::MissingInputs { outpoint: nowhere(1) }));
    let stolen = pay(&key(2), ledger.network, vec![ledger.coinbase(0)], vec![output(units(1))]);
    let error = offer(&mut pool, &ledger, &stolen).unwrap_err();
    assert_eq!((error.rule(), error), ("C2", PoolError::Invalid(c2())));
    assert!(pool.is_empty());
}
