//! Breaks each rule of `docs/protocol.md` once, and checks that document and errors agree.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use fedcoin_testkit::driver as harness;
use fedcoin_testkit::ledger as common;

use common::{Ledger, address, key, params, pay, pool, pool_of, sign, solve, units};
use fedcoin_node::chain::Snapshot;
use fedcoin_node::consensus::{
    BlockError, ChainParams, HeaderContext, HeaderError, PaymentError, check_block_in_isolation, check_header_in_chain,
    check_header_in_isolation, check_payment_in_isolation,
};
use fedcoin_node::ledger::{Utxo, UtxoDiff};
use fedcoin_node::mempool::{FeeRate, MAX_ANCESTORS, Mempool, PoolError, PoolPolicy};
use fedcoin_node::primitives::{Header, OutPoint, Output, Payment, PublicKey, Signature, TxId, UnsignedPayment};
use fedcoin_node::units::{Amount, CompactTarget, EasingTarget, Height, Now, Timestamp};
use fedcoin_node::wire::{
    MAX_ADDRESSES, MAX_BLOCKS_ASKED, MAX_HEADERS, MAX_INV, MAX_LOCATOR, MAX_PAYMENTS_ASKED, Message, WireError,
};
use fedcoin_node::{Command, Effect, Event, Input, Node, RequestId};
use std::collections::BTreeSet;

/// An outpoint that does not exist.
fn nowhere(n: u8) -> OutPoint {
    OutPoint { txid: TxId([n; 32]), index: 0 }
}

fn output(amount: Amount) -> Output {
    Output { amount, recipient: address(2) }
}

fn solved_header() -> Header {
    let ledger = Ledger::new(params());
    ledger.block(address(1), vec![], Amount::ZERO).header
}

// --- headers ---

fn h1() -> HeaderError {
    assert_eq!(check_header_in_isolation(&solved_header()), Ok(CompactTarget(0x207f_ffff).expand().unwrap()));
    check_header_in_isolation(&Header { version: 2, ..solved_header() }).unwrap_err()
}

fn h2() -> HeaderError {
    check_header_in_isolation(&Header { target: CompactTarget(0x2000_ffff), ..solved_header() }).unwrap_err()
}

fn h3() -> HeaderError {
    check_header_in_isolation(&Header { target: CompactTarget(0x0301_0000), ..solved_header() }).unwrap_err()
}

fn in_chain(target: u32, time: u64) -> Result<(), HeaderError> {
    in_easing_chain(target, time, EasingTarget::fixed(CompactTarget(0x207f_ffff)))
}

fn in_easing_chain(target: u32, time: u64, needed: EasingTarget) -> Result<(), HeaderError> {
    let context = HeaderContext { target: needed, median_time: Timestamp(1_000_000) };
    let header = Header { target: CompactTarget(target), time: Timestamp(time), ..solved_header() };
    check_header_in_chain(&header, &context, Timestamp(2_000_000))
}

fn h4() -> HeaderError {
    // Where the target eases, a header's own time decides.
    let (in_time, easiest) = (CompactTarget(0x207f_ffff), CompactTarget(0x20ff_ffff));
    let needed = EasingTarget::new(in_time, easiest, Timestamp(1_500_000), 1_000);
    for (target, time, obeys) in [
        (0x207f_ffff, 1_500_000, true),
        (0x207f_ffff, 1_500_001, false),
        (0x20ff_fffe, 1_500_000, false),
        (0x20ff_fffe, 1_501_000, true),
        (0x20ff_ffff, 1_501_001, true),
    ] {
        assert_eq!(in_easing_chain(target, time, needed).is_ok(), obeys, "{target:x} at {time}");
    }
    in_chain(0x1f7f_ffff, 2_000_000).unwrap_err()
}

fn h5() -> HeaderError {
    assert_eq!(in_chain(0x207f_ffff, 1_000_001), Ok(()));
    in_chain(0x207f_ffff, 1_000_000).unwrap_err()
}

fn h6() -> HeaderError {
    assert_eq!(in_chain(0x207f_ffff, 2_120_000), Ok(()));
    in_chain(0x207f_ffff, 2_120_001).unwrap_err()
}

#[test]
fn header_errors_have_found_and_expected_values() {
    assert_eq!(h1(), HeaderError::Version { got: 2, expected: 1 });
    assert_eq!(h2(), HeaderError::TargetForm { got: CompactTarget(0x2000_ffff) });
    let target = CompactTarget(0x0301_0000);
    assert_eq!(h3(), HeaderError::ProofOfWork { hash: Header { target, ..solved_header() }.id(), target });
    assert_eq!(
        h4(),
        HeaderError::TargetValue { got: CompactTarget(0x1f7f_ffff), expected: CompactTarget(0x207f_ffff) }
    );
    assert_eq!(h5(), HeaderError::TimeTooOld { got: Timestamp(1_000_000), median: Timestamp(1_000_000) });
    assert_eq!(h6(), HeaderError::TimeTooNew { got: Timestamp(2_120_001), max: Timestamp(2_120_000) });
    assert!(h6().is_temporary());
    assert!([h1(), h2(), h3(), h4(), h5()].iter().all(|error| !error.is_temporary()));
}

// --- payments alone ---

/// The error of a valid payment after `change`.
fn broken_payment(change: impl FnOnce(&mut UnsignedPayment)) -> PaymentError {
    let params = params();
    let mut unsigned = UnsignedPayment {
        sender: key(1).public_key(),
        replaceable: true,
        inputs: vec![nowhere(1), nowhere(2)],
        outputs: vec![output(units(1)), output(units(2))],
    };
    let payment = sign(&key(1), params.network_id(), unsigned.clone());
    check_payment_in_isolation(payment, &params).unwrap().verify(params.network_id()).unwrap();
    change(&mut unsigned);
    check_payment_in_isolation(sign(&key(1), params.network_id(), unsigned), &params).unwrap_err()
}

fn t1() -> PaymentError {
    broken_payment(|p| p.inputs.clear())
}

fn t2() -> PaymentError {
    broken_payment(|p| p.outputs.clear())
}

fn t3() -> PaymentError {
    broken_payment(|p| p.outputs = vec![output(units(1)); 4_000])
}

fn t4() -> PaymentError {
    broken_payment(|p| p.inputs.push(nowhere(1)))
}

fn t5() -> PaymentError {
    broken_payment(|p| p.outputs[1].amount = Amount::ZERO)
}

fn t6() -> PaymentError {
    broken_payment(|p| p.outputs[1].amount = Amount::MAX)
}

fn t7() -> PaymentError {
    broken_payment(|p| p.sender = PublicKey::from_bytes([5; 33]))
}

fn t8() -> PaymentError {
    let mut payment = pay(&key(1), params().network_id(), vec![nowhere(1)], vec![output(units(1))]);
    payment.signature = Signature::from_bytes(high_s(payment.signature.as_bytes()));
    assert!(
        key(1).public_key().verifies(&payment.unsigned.signing_message(params().network_id()), &payment.signature),
        "the other signature is valid as well"
    );
    check_payment_in_isolation(payment, &params()).unwrap_err()
}

/// The other valid signature: `s` becomes the curve's order minus `s`.
fn high_s(signature: &[u8; 64]) -> [u8; 64] {
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let mut twin = *signature;
    let mut borrow = 0_i16;
    for i in (0..32).rev() {
        let order = i16::from_str_radix(&ORDER[2 * i..2 * i + 2], 16).unwrap();
        let digit = order - i16::from(signature[32 + i]) - borrow;
        borrow = i16::from(digit < 0);
        twin[32 + i] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    twin
}

fn t9() -> PaymentError {
    let network = params().network_id();
    let payment = pay(&key(1), ChainParams::classroom().network_id(), vec![nowhere(1)], vec![output(units(1))]);
    check_payment_in_isolation(payment, &params()).unwrap().verify(network).unwrap_err()
}

#[test]
fn payment_errors_have_found_and_expected_values() {
    assert_eq!(t1(), PaymentError::NoInputs);
    assert_eq!(t2(), PaymentError::NoOutputs);
    assert_eq!(t3(), PaymentError::TooLarge { got: 98 + 4 + 72 + 4 + 4_000 * 28, max: 100_000 });
    assert_eq!(t4(), PaymentError::DuplicateInput { outpoint: nowhere(1) });
    assert_eq!(t5(), PaymentError::ZeroOutput { index: 1 });
    assert_eq!(t6(), PaymentError::OutputsTooLarge { max: Amount::MAX });
    assert_eq!(t7(), PaymentError::KeyForm { got: 5 });
    assert_eq!(t8(), PaymentError::HighS);
    assert_eq!(t9(), PaymentError::BadSignature);
    assert!([t1(), t2(), t3(), t4(), t5(), t6(), t7(), t8(), t9()].iter().all(PaymentError::is_context_free));
    assert!([c1(), c2(), c3(), c4()].iter().all(|error| !error.is_context_free()));
}

#[test]
fn a_payment_of_the_maximum_size_fits_into_a_block() {
    // Blocks of the network `classroom` have 100,000 bytes, 124 of them without payments.
    let params = ChainParams::classroom();
    let of = |outputs| Payment {
        unsigned: UnsignedPayment {
            sender: key(1).public_key(),
            replaceable: false,
            inputs: vec![nowhere(1)],
            outputs: vec![output(units(1)); outputs],
        },
        signature: Signature::ZERO,
    };
    assert_eq!((of(3_561).size(), of(3_562).size()), (99_850, 99_878));
    assert!(check_payment_in_isolation(of(3_561), &params).is_ok());
    let error = check_payment_in_isolation(of(3_562), &params).unwrap_err();
    assert_eq!(error, PaymentError::TooLarge { got: 99_878, max: 99_876 });
}

// --- blocks alone ---

/// A payment of the first coins.
fn first_payment(ledger: &Ledger, amount: Amount) -> Payment {
    pay(&key(1), ledger.network, vec![ledger.coinbase(0)], vec![output(amount)])
}

fn b1() -> BlockError {
    let ledger = Ledger::new(ChainParams { max_block_bytes: 1_000, ..params() });
    let payments = (1..=6).map(|n| pay(&key(1), ledger.network, vec![nowhere(n)], vec![output(units(1))])).collect();
    let block = ledger.block(address(1), payments, Amount::ZERO);
    check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err()
}

fn b2() -> BlockError {
    let ledger = Ledger::new(ChainParams { min_block_payments: 1, max_block_payments: 1, ..params() });
    let of = |n| {
        let payments = (0..n).map(|n| pay(&key(1), ledger.network, vec![nowhere(n)], vec![output(units(1))])).collect();
        check_block_in_isolation(ledger.block(address(1), payments, Amount::ZERO), Height(1), &ledger.params)
    };
    assert!(of(1).is_ok());
    assert_eq!(of(2).unwrap_err(), BlockError::PaymentCount { got: 2, min: 1, max: 1 });
    of(0).unwrap_err()
}

fn b3() -> BlockError {
    let ledger = Ledger::new(params());
    let mut block = ledger.block(address(1), vec![first_payment(&ledger, units(1))], Amount::ZERO);
    block.payments.clear();
    check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err()
}

fn b4() -> BlockError {
    let ledger = Ledger::new(params());
    let payments = vec![first_payment(&ledger, units(1)), first_payment(&ledger, units(2))];
    let block = ledger.block(address(1), payments, Amount::ZERO);
    check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err()
}

fn b5() -> BlockError {
    let ledger = Ledger::new(params());
    let mut block = ledger.block(address(1), vec![], Amount::ZERO);
    block.coinbase.height = Height(2);
    solve(&mut block);
    check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err()
}

fn b6() -> BlockError {
    let ledger = Ledger::new(params());
    // The payment's fee is 10 FED.
    let payments = vec![first_payment(&ledger, Amount::from_fed(40))];
    ledger.clone().connect(ledger.block(address(1), payments.clone(), Amount::from_fed(10))).unwrap();
    let greedy = Amount::from_fed(10).checked_add(units(1)).unwrap();
    ledger.clone().connect(ledger.block(address(1), payments, greedy)).unwrap_err()
}

#[test]
fn block_errors_have_found_and_expected_values() {
    let ledger = Ledger::new(params());
    assert_eq!(b1(), BlockError::TooLarge { got: 124 + 6 * (98 + 4 + 36 + 4 + 28), max: 1_000 });
    assert_eq!(b2(), BlockError::PaymentCount { got: 0, min: 1, max: 1 });
    let block = ledger.block(address(1), vec![first_payment(&ledger, units(1))], Amount::ZERO);
    let got = ledger.block(address(1), vec![], Amount::ZERO).header.merkle_root;
    assert_eq!(b3(), BlockError::MerkleRoot { got, expected: block.header.merkle_root });
    assert_eq!(b4(), BlockError::DoubleSpend { outpoint: ledger.coinbase(0) });
    assert_eq!(b5(), BlockError::CoinbaseHeight { got: Height(2), expected: Height(1) });
    assert_eq!(b6(), BlockError::CoinbaseAmount { got: units(6_000_000_001), max: Amount::from_fed(60) });
    assert!(b3().is_mutation());
    assert!([b1(), b2(), b4(), b5(), b6(), c5()].iter().all(|error| !error.is_mutation()));
}

#[test]
fn a_changed_signature_is_a_mutation() {
    let ledger = Ledger::new(params());
    let mut block = ledger.block(address(1), vec![first_payment(&ledger, units(1))], Amount::ZERO);
    block.payments[0].signature = Signature::from_bytes(high_s(block.payments[0].signature.as_bytes()));
    assert!(check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err().is_mutation());
}

#[test]
fn block_errors_name_the_violated_payment_or_header_rule() {
    let ledger = Ledger::new(params());
    let bad = pay(&key(1), ledger.network, vec![], vec![output(units(1))]);
    let block = ledger.block(address(1), vec![first_payment(&ledger, units(1)), bad], Amount::ZERO);
    let error = ledger.clone().connect(block).unwrap_err();
    assert_eq!(error, BlockError::Payment { index: 1, error: PaymentError::NoInputs });
    assert_eq!(error.rule(), "T1");

    let mut forged = first_payment(&ledger, units(1));
    forged.unsigned.outputs[0].recipient = address(3);
    let error = ledger.clone().connect(ledger.block(address(1), vec![forged], Amount::ZERO)).unwrap_err();
    assert_eq!(error, BlockError::Payment { index: 0, error: PaymentError::BadSignature });

    let mut block = ledger.block(address(1), vec![], Amount::ZERO);
    block.header.version = 2;
    let error = ledger.clone().connect(block).unwrap_err();
    assert_eq!((error.rule(), error), ("H1", BlockError::Header(h1())));
}

#[test]
fn a_coinbase_may_take_less_and_creates_no_output_of_zero() {
    let mut ledger = Ledger::new(params());
    let (supply, outputs) = (ledger.utxos.supply(), ledger.utxos.len());
    let mut block = ledger.block(address(1), vec![], Amount::ZERO);
    block.coinbase.output.amount = Amount::ZERO;
    solve(&mut block);
    ledger.connect(block).unwrap();
    assert_eq!((ledger.utxos.supply(), ledger.utxos.len()), (supply, outputs));
    let mut block = ledger.block(address(1), vec![], Amount::ZERO);
    block.coinbase.output.amount = units(1);
    solve(&mut block);
    ledger.connect(block).unwrap();
    assert_eq!(ledger.utxos.supply(), supply.checked_add(units(1)).unwrap());
    ledger.disconnect();
    ledger.disconnect();
    assert_eq!(ledger.utxos, Ledger::new(params()).utxos);
}

// --- in the ledger ---

/// The error of the next block's only payment.
fn refused(ledger: &Ledger, payment: Payment) -> PaymentError {
    match ledger.clone().connect(ledger.block(address(1), vec![payment], Amount::ZERO)) {
        Err(BlockError::Payment { index: 0, error }) => error,
        other => panic!("{other:?}"),
    }
}

fn c1() -> PaymentError {
    let mut ledger = Ledger::new(params());
    let payment = first_payment(&ledger, units(1));
    ledger.connect(ledger.block(address(1), vec![payment.clone()], Amount::ZERO)).unwrap();
    refused(&ledger, payment)
}

fn c2() -> PaymentError {
    let ledger = Ledger::new(params());
    refused(&ledger, pay(&key(2), ledger.network, vec![ledger.coinbase(0)], vec![output(units(1))]))
}

fn c3() -> PaymentError {
    let ledger = Ledger::new(params());
    let amount = Amount::from_fed(50);
    ledger.clone().connect(ledger.block(address(1), vec![first_payment(&ledger, amount)], Amount::ZERO)).unwrap();
    refused(&ledger, first_payment(&ledger, amount.checked_add(units(1)).unwrap()))
}

fn c4() -> PaymentError {
    // Genesis's coins may be spent from height 2 on.
    let mut ledger = Ledger::new(ChainParams { coinbase_maturity: 2, ..params() });
    let payment = first_payment(&ledger, units(1));
    let error = refused(&ledger, payment.clone());
    ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
    ledger.connect(ledger.block(address(1), vec![payment], Amount::ZERO)).unwrap();
    error
}

fn c5() -> BlockError {
    let mut ledger = Ledger::new(params());
    let block = ledger.block(address(1), vec![], Amount::ZERO);
    let utxo = Utxo { output: output(units(1)), height: Height(0), coinbase: false };
    let created = vec![(block.coinbase.outpoint(), utxo)];
    ledger.utxos.apply(&UtxoDiff { created, spent: vec![] });
    ledger.connect(block).unwrap_err()
}

#[test]
fn ledger_errors_have_found_and_expected_values() {
    let ledger = Ledger::new(params());
    let outpoint = ledger.coinbase(0);
    assert_eq!(c1(), PaymentError::MissingInput { outpoint });
    assert_eq!(c2(), PaymentError::NotOwner { outpoint, owner: address(1), sender: address(2) });
    let (inputs, outputs) = (Amount::from_fed(50), units(5_000_000_001));
    assert_eq!(c3(), PaymentError::Overspent { inputs, outputs });
    let immature = Ledger::new(ChainParams { coinbase_maturity: 2, ..params() });
    assert_eq!(c4(), PaymentError::Immature { outpoint: immature.coinbase(0), from: Height(2), height: Height(1) });
    let coinbase = ledger.block(address(1), vec![], Amount::ZERO).coinbase.outpoint();
    assert_eq!(c5(), BlockError::OutputExists { outpoint: coinbase });
}

#[test]
fn within_a_block_payments_spend_only_earlier_outputs() {
    let ledger = Ledger::new(params());
    let first = pay(
        &key(1),
        ledger.network,
        vec![ledger.coinbase(0)],
        vec![Output { amount: units(7), recipient: address(1) }],
    );
    let made = OutPoint { txid: first.txid(), index: 0 };
    let second = pay(&key(1), ledger.network, vec![made], vec![output(units(7))]);
    let in_order = vec![first.clone(), second.clone()];
    ledger.clone().connect(ledger.block(address(1), in_order, Amount::ZERO)).unwrap();
    let reversed = ledger.block(address(1), vec![second, first], Amount::ZERO);
    let error = PaymentError::MissingInput { outpoint: made };
    assert_eq!(ledger.clone().connect(reversed).unwrap_err(), BlockError::Payment { index: 0, error });

    // The block's own coinbase cannot be spent in it, although its id is known beforehand.
    let coinbase = ledger.block(address(1), vec![], Amount::ZERO).coinbase.outpoint();
    let early = pay(&key(1), ledger.network, vec![coinbase], vec![output(units(1))]);
    assert_eq!(refused(&ledger, early), PaymentError::MissingInput { outpoint: coinbase });
}

// --- mempool policy ---

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

fn p1() -> PoolError {
    let (ledger, mut pool) = (Ledger::new(params()), pool());
    let payment = first_payment(&ledger, units(1));
    offer(&mut pool, &ledger, &payment).unwrap();
    offer(&mut pool, &ledger, &payment).unwrap_err()
}

fn p2() -> [PoolError; 2] {
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

fn p3() -> [PoolError; 2] {
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

fn p4() -> PoolError {
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
    Mempool::new(PoolPolicy { max_payments, ..policy }, common::map_key())
}

fn p7() -> PoolError {
    let ledger = rich(1);
    let least = size(1, 1) as u64;
    let of = |fee| to_self(&ledger, &[ledger.coinbase(0)], 0, fee, false);
    assert_eq!(offer(&mut pool_with_minimum(9), &ledger, &of(least)), Ok(vec![]));
    assert_eq!(offer(&mut pool(), &ledger, &of(0)), Ok(vec![]), "classroom and regtest accept payments without a fee");
    offer(&mut pool_with_minimum(9), &ledger, &of(least - 1)).unwrap_err()
}

fn p8() -> PoolError {
    let ledger = rich(3);
    let mut pool = pool_of(1, usize::MAX);
    let of = |coin, fee| to_self(&ledger, &[ledger.coinbase(coin)], 0, fee, false);
    offer(&mut pool, &ledger, &of(0, 10 * size(1, 1) as u64)).unwrap();
    offer(&mut pool, &ledger, &of(1, 20 * size(1, 1) as u64)).unwrap();
    offer(&mut pool, &ledger, &of(2, 11 * size(1, 1) as u64 - 1)).unwrap_err()
}

fn p9() -> [PoolError; 2] {
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

fn p10() -> PoolError {
    // It pays more, but is larger.
    replacement(2, |ledger, _, _| {
        let inputs = [ledger.coinbase(0), ledger.coinbase(1)];
        to_self(ledger, &inputs, 0, 1_000 * size(2, 1) as u64 / size(1, 1) as u64, false)
    })
    .unwrap_err()
}

fn p11() -> PoolError {
    replacement(1, |ledger, _, _| to_self(ledger, &[ledger.coinbase(0)], 0, REPLACING_FEE - 1, false)).unwrap_err()
}

fn p12() -> PoolError {
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

fn p13() -> PoolError {
    replacement(2, |ledger, first, _| to_self(ledger, &[ledger.coinbase(0), made(first)], 1_000, 1_000_000, false))
        .unwrap_err()
}

fn p14() -> PoolError {
    replacement(2, |ledger, _, pool| {
        let waiting = to_self(ledger, &[ledger.coinbase(1)], 0, 0, false);
        offer(pool, ledger, &waiting).unwrap();
        to_self(ledger, &[ledger.coinbase(0), made(&waiting)], 0, 1_000_000, false)
    })
    .unwrap_err()
}

/// A node whose driver checks no signature.
fn p15() -> PoolError {
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

// --- frames ---

fn w1() -> Vec<WireError> {
    let error = |frame: &[u8]| Message::decode(frame).unwrap_err();
    vec![error(&[]), error(&[19]), error(&[11; 10]), error(&[11; 8])]
}

fn too_many() -> Vec<WireError> {
    let genesis = params().genesis_block();
    let hello = |user_agent: String| {
        Message::Hello(fedcoin_node::wire::Hello {
            version: 1,
            network: params().network_id(),
            nonce: 1,
            tip: genesis.id(),
            height: Height(0),
            work: fedcoin_node::units::Work::ZERO,
            time: Timestamp(0),
            user_agent,
            listen: None,
        })
    };
    let url: fedcoin_node::PeerAddress = "ws://127.0.0.1:5000/ws".parse().unwrap();
    let messages = [
        hello("x".repeat(129)),
        Message::NotFound { blocks: vec![genesis.id(); 501], payments: vec![] },
        Message::Addresses(vec![url; MAX_ADDRESSES + 1]),
    ];
    messages.iter().map(|message| Message::decode(&message.encode()).unwrap_err()).collect()
}

#[test]
fn lists_above_their_maximum_are_refused() {
    let ids = vec![params().network_id().into(); MAX_LOCATOR.max(MAX_BLOCKS_ASKED) + 1];
    let txids = vec![TxId([1; 32]); MAX_INV + 1];
    let of = |n: usize| vec![solved_header(); n];
    for (largest, longer) in [
        (Message::GetHeaders { locator: ids[..MAX_LOCATOR].to_vec() }, Message::GetHeaders { locator: ids.clone() }),
        (Message::Headers(of(MAX_HEADERS)), Message::Headers(of(MAX_HEADERS + 1))),
        (Message::Inv(txids[1..].to_vec()), Message::Inv(txids.clone())),
        (
            Message::GetPayments(txids[..MAX_PAYMENTS_ASKED].to_vec()),
            Message::GetPayments(txids[..=MAX_PAYMENTS_ASKED].to_vec()),
        ),
        (Message::GetBlocks(ids[..MAX_BLOCKS_ASKED].to_vec()), Message::GetBlocks(ids[..=MAX_BLOCKS_ASKED].to_vec())),
    ] {
        assert_eq!(Message::decode(&largest.encode()).as_ref(), Ok(&largest), "{}", largest.name());
        let error = Message::decode(&longer.encode()).unwrap_err();
        assert!(matches!(error, WireError::FrameTooLarge { .. }), "{}: {error}", longer.name());
    }
}

// --- the document ---

/// All errors that the violations produced, as (rule, `Enum::Variant`).
fn found() -> BTreeSet<(String, String)> {
    fn name<E: std::fmt::Debug>(enum_name: &str, rule: &str, error: &E) -> (String, String) {
        let debug = format!("{error:?}");
        let variant = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap();
        (rule.to_owned(), format!("{enum_name}::{variant}"))
    }
    let mut found = BTreeSet::new();
    found.extend([h1(), h2(), h3(), h4(), h5(), h6()].iter().map(|e| name("HeaderError", e.rule(), e)));
    found.extend(
        [t1(), t2(), t3(), t4(), t5(), t6(), t7(), t8(), t9()].iter().map(|e| name("PaymentError", e.rule(), e)),
    );
    found.extend([c1(), c2(), c3(), c4()].iter().map(|e| name("PaymentError", e.rule(), e)));
    found.extend([b1(), b2(), b3(), b4(), b5(), b6(), c5()].iter().map(|e| name("BlockError", e.rule(), e)));
    let pool = [p1(), p4(), p7(), p8(), p10(), p11(), p12(), p13(), p14(), p15()];
    found.extend(pool.iter().chain(&p2()).chain(&p3()).chain(&p9()).map(|e| name("PoolError", e.rule(), e)));
    found.extend(w1().iter().chain(&too_many()).map(|e| name("WireError", e.rule(), e)));
    found
}

/// The rules of the document with their errors, as `Enum::Variant`; a definition has none.
fn documented() -> Vec<(String, Vec<String>)> {
    let mut rules = Vec::new();
    for line in include_str!("../../../docs/protocol.md").lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Some(rule) = cells.get(1).filter(|cell| is_rule(cell)) else { continue };
        let errors = cells[3].split(',').map(|cell| cell.trim().trim_matches('`')).filter(|cell| !cell.is_empty());
        rules.push(((*rule).to_owned(), errors.map(str::to_owned).collect()));
    }
    rules
}

/// The document's errors, as (rule, `Enum::Variant`).
fn documented_errors() -> BTreeSet<(String, String)> {
    let pairs = documented().into_iter().flat_map(|(rule, errors)| errors.into_iter().map(move |e| (rule.clone(), e)));
    pairs.collect()
}

fn is_rule(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| "ENHTBCFWPM".contains(c)) && matches!(chars.as_str().parse::<u8>(), Ok(1..))
}

#[test]
fn document_and_errors_agree() {
    assert_eq!(found(), documented_errors());
}

#[test]
fn every_error_variant_is_in_the_document() {
    let documented: BTreeSet<String> = documented_errors().into_iter().map(|(_, error)| error).collect();
    // These wrap another error with its own rule.
    let wrappers = ["BlockError::Header", "BlockError::Payment", "PoolError::MissingInputs", "PoolError::Invalid"];
    let mut variants = BTreeSet::new();
    for (source, enums) in [
        (include_str!("../../consensus/src/error.rs"), &["HeaderError", "PaymentError", "BlockError"][..]),
        (include_str!("../../mempool/src/error.rs"), &["PoolError"]),
        (include_str!("../../wire/src/message.rs"), &["WireError"]),
    ] {
        for name in enums {
            let body = source.split(&format!("pub enum {name} {{\n")).nth(1).unwrap().split("\n}\n").next().unwrap();
            let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
            let starts = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
            variants
                .extend(starts.map(|l| format!("{name}::{}", l.split(|c: char| !c.is_alphanumeric()).next().unwrap())));
        }
    }
    variants.retain(|variant| !wrappers.contains(&variant.as_str()));
    assert_eq!(variants, documented);
}

/// The rules that define something instead of forbidding it, each with a test.
const DEFINITIONS: [(&str, &str, &str); 34] = [
    ("E1", "tools/oracle/tests/properties.rs", "frames_have_one_encoding"),
    ("E2", "crates/node/tests/vectors/main.rs", "this_code_computes_the_stored_vectors"),
    ("E3", "crates/primitives/src/hash.rs", "block_ids_are_numbers"),
    ("E4", "crates/node/tests/vectors/main.rs", "this_code_computes_the_stored_vectors"),
    ("E5", "crates/node/tests/vectors/main.rs", "this_code_computes_the_stored_vectors"),
    ("E6", "crates/node/tests/vectors/keys.rs", "signatures_match_rfc_6979_with_the_lower_s"),
    ("N1", "crates/consensus/src/params.rs", "any_changed_parameter_changes_the_network_id"),
    ("B7", "crates/node/tests/rules.rs", "a_coinbase_may_take_less_and_creates_no_output_of_zero"),
    ("F1", "tools/oracle/tests/deep_trouble.rs", "work_decides_not_length"),
    ("F2", "crates/node/tests/node/reorganisations.rs", "at_equal_work_the_earlier_time_wins"),
    ("F3", "tools/oracle/tests/deep_trouble.rs", "after_a_crash_a_reorganisation_is_complete_or_undone"),
    ("F4", "crates/chain/src/orphans.rs", "children_are_found_and_limits_hold"),
    ("F5", "tools/oracle/tests/deep_trouble.rs", "a_header_flood_is_limited_and_excludes_no_winner"),
    ("W3", "crates/node/src/peers/budget.rs", "a_burst_then_the_rate"),
    ("W4", "crates/node/tests/rules.rs", "lists_above_their_maximum_are_refused"),
    ("W5", "crates/node/tests/rules.rs", "lists_above_their_maximum_are_refused"),
    ("W8", "crates/node/tests/node/connections.rs", "floods_silence_and_slow_handshakes_end_the_connection"),
    ("W10", "crates/node/tests/gossip.rs", "missing_payments_are_requested"),
    ("W9", "crates/node/tests/node/connections.rs", "a_peer_that_refuses_the_node_is_not_dialled_for_a_while"),
    ("P5", "crates/node/tests/mempool.rs", "payments_expire_with_their_descendants"),
    ("P6", "crates/node/tests/mempool.rs", "the_next_block_has_the_best_packages_that_fit"),
    ("P16", "crates/node/tests/mempool.rs", "payments_of_disconnected_blocks_return_before_their_descendants"),
    ("M1", "crates/node/tests/node/mining.rs", "nothing_is_mined_before_peers_have_sent_headers"),
    ("M2", "crates/node/tests/node/mining.rs", "a_better_header_pauses_mining_until_its_block_arrives"),
    ("M3", "crates/node/tests/node/mining.rs", "a_running_job_takes_new_payments_at_intervals"),
    ("M4", "crates/node/tests/node/mining.rs", "a_block_has_the_time_at_which_it_was_found"),
    ("M5", "node-wasm/tests/mining.rs", "the_flag_stops_the_search_before_the_message_arrives"),
    ("M6", "crates/pow/src/quota.rs", "late_timers_do_not_change_the_share"),
    ("M7", "node-wasm/src/mining/rules.rs", "a_hidden_program_rests_as_chosen"),
    ("M8", "node-wasm/src/driver/sleep.rs", "either_clock_shows_a_sleep"),
    ("M9", "node-wasm/tests/mining.rs", "a_silent_miner_is_replaced"),
    ("M10", "crates/node/src/peers/clock.rs", "a_network_group_has_one_vote"),
    ("M11", "crates/node/tests/node/clock.rs", "a_clock_jump_and_back_dates_no_block_ahead"),
    ("M12", "crates/node/tests/node/clock.rs", "a_node_an_hour_behind_reports_it_and_does_not_mine"),
];

#[test]
fn every_rule_without_an_error_has_a_test() {
    let listed: BTreeSet<String> = DEFINITIONS.iter().map(|(rule, ..)| (*rule).to_owned()).collect();
    let definitions = documented().into_iter().filter(|(_, errors)| errors.is_empty()).map(|(rule, _)| rule);
    assert_eq!(definitions.collect::<BTreeSet<_>>(), listed);
    for (rule, file, test) in DEFINITIONS {
        let text = std::fs::read_to_string(format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(text.contains(&format!("fn {test}(")), "rule {rule}: {file} has no {test}");
    }
}

#[test]
fn code_and_document_have_the_same_rules() {
    let rules: Vec<String> = documented().into_iter().map(|(rule, _)| rule).collect();
    let unique: BTreeSet<&String> = rules.iter().collect();
    assert_eq!(unique.len(), rules.len(), "a number occurs twice");
    let cited = cited();
    for (rule, path) in &cited {
        assert!(unique.contains(rule), "{} cites rule {rule}, which docs/protocol.md does not have", path.display());
    }
    let nowhere: Vec<&String> = rules.iter().filter(|rule| !cited.iter().any(|(cited, _)| cited == *rule)).collect();
    assert!(nowhere.is_empty(), "no code cites {nowhere:?}");
}

/// The rules that the node and its drivers cite, and where.
fn cited() -> BTreeSet<(String, std::path::PathBuf)> {
    let mut cited = BTreeSet::new();
    let crates = [
        "crates/consensus",
        "crates/chain",
        "crates/mempool",
        "crates/wallet",
        "crates/pow",
        "crates/primitives",
        "crates/wire",
        "crates/node",
        "node-wasm",
        "relay",
        "crates/store",
        "web",
    ];
    let mut folders: Vec<std::path::PathBuf> =
        crates.iter().map(|name| format!("{}/../../{name}/src", env!("CARGO_MANIFEST_DIR")).into()).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                cited.extend(citations(&text).map(|rule| (rule, path.clone())));
            }
        }
    }
    cited
}

/// The rule numbers after the word "rule" or "rules".
fn citations(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut cited = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if matches!(*word, "rule" | "rules" | "Rule" | "Rules") {
            let numbers = words[at + 1..].iter().take_while(|word| is_rule(word) || matches!(**word, "and" | "to"));
            cited.extend(numbers.filter(|word| is_rule(word)).map(|word| (*word).to_owned()));
        }
    }
    cited.into_iter()
}
