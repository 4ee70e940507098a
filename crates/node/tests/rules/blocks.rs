//! Rules B1 to B7.

use crate::common::{Ledger, address, key, params, pay, solve, units};
use crate::headers::h1;
use crate::ledger::c5;
use crate::payments::high_s;
use crate::{first_payment, nowhere, output};
use fedcoin_node::consensus::{BlockError, ChainParams, PaymentError, check_block_in_isolation};
use fedcoin_node::ledger::ledger_root;
use fedcoin_node::primitives::Signature;
use fedcoin_node::units::{Amount, Height};

pub(crate) fn b1() -> BlockError {
    let ledger = Ledger::new(ChainParams { max_block_bytes: 1_000, ..params() });
    let payments = (1..=6).map(|n| pay(&key(1), ledger.network, vec![nowhere(n)], vec![output(units(1))])).collect();
    let block = ledger.block(address(1), payments, Amount::ZERO);
    check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err()
}

pub(crate) fn b2() -> BlockError {
    let ledger = Ledger::new(ChainParams { min_block_payments: 1, max_block_payments: 1, ..params() });
    let of = |n| {
        let payments = (0..n).map(|n| pay(&key(1), ledger.network, vec![nowhere(n)], vec![output(units(1))])).collect();
        check_block_in_isolation(ledger.block(address(1), payments, Amount::ZERO), Height(1), &ledger.params)
    };
    assert!(of(1).is_ok());
    assert_eq!(of(2).unwrap_err(), BlockError::PaymentCount { got: 2, min: 1, max: 1 });
    of(0).unwrap_err()
}

pub(crate) fn b3() -> BlockError {
    let ledger = Ledger::new(params());
    let mut block = ledger.block(address(1), vec![first_payment(&ledger, units(1))], Amount::ZERO);
    block.payments.clear();
    check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err()
}

pub(crate) fn b4() -> BlockError {
    let ledger = Ledger::new(params());
    let payments = vec![first_payment(&ledger, units(1)), first_payment(&ledger, units(2))];
    let block = ledger.block(address(1), payments, Amount::ZERO);
    check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err()
}

pub(crate) fn b5() -> BlockError {
    let ledger = Ledger::new(params());
    let mut block = ledger.block(address(1), vec![], Amount::ZERO);
    block.coinbase.height = Height(2);
    solve(&mut block);
    check_block_in_isolation(block, Height(1), &ledger.params).unwrap_err()
}

pub(crate) fn b6() -> BlockError {
    let ledger = Ledger::new(params());
    // The payment's fee is 10 FED.
    let payments = vec![first_payment(&ledger, Amount::from_fed(40))];
    ledger.clone().connect(ledger.block(address(1), payments.clone(), Amount::from_fed(10))).unwrap();
    let greedy = Amount::from_fed(10).checked_add(units(1)).unwrap();
    ledger.clone().connect(ledger.block(address(1), payments, greedy)).unwrap_err()
}

/// A block that forgets the history before its parent.
pub(crate) fn b8() -> BlockError {
    let mut ledger = Ledger::new(params());
    ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
    let mut block = ledger.block(address(1), vec![], Amount::ZERO);
    block.roots.history = ledger.blocks[1].0.roots.history;
    solve(&mut block);
    ledger.connect(block).unwrap_err()
}

/// A block that commits to the ledger at its parent instead of that at its checkpoint.
pub(crate) fn b9() -> BlockError {
    let mut ledger = Ledger::new(params());
    ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
    let mut block = ledger.block(address(1), vec![], Amount::ZERO);
    block.roots.ledger = ledger_root(Height(1), ledger.utxos.iter());
    solve(&mut block);
    ledger.connect(block).unwrap_err()
}

#[test]
fn block_errors_have_found_and_expected_values() {
    let ledger = Ledger::new(params());
    assert_eq!(b1(), BlockError::TooLarge { got: 188 + 6 * (98 + 4 + 36 + 4 + 28), max: 1_000 });
    assert_eq!(b2(), BlockError::PaymentCount { got: 0, min: 1, max: 1 });
    let block = ledger.block(address(1), vec![first_payment(&ledger, units(1))], Amount::ZERO);
    let got = ledger.block(address(1), vec![], Amount::ZERO).header.commitment;
    assert_eq!(b3(), BlockError::Commitment { got, expected: block.header.commitment });
    assert_eq!(b4(), BlockError::DoubleSpend { outpoint: ledger.coinbase(0) });
    assert_eq!(b5(), BlockError::CoinbaseHeight { got: Height(2), expected: Height(1) });
    assert_eq!(b6(), BlockError::CoinbaseAmount { got: units(6_000_000_001), max: Amount::from_fed(60) });
    let (before, after) = (ledger.blocks[0].0.roots, ledger.commitments.roots());
    assert!(matches!(b8(), BlockError::HistoryRoot { got, expected } if got == after.history && expected != got));
    assert!(matches!(b9(), BlockError::LedgerRoot { got, expected } if expected == before.ledger && expected != got));
    assert!(b3().is_mutation());
    assert!([b1(), b2(), b4(), b5(), b6(), b8(), b9(), c5()].iter().all(|error| !error.is_mutation()));
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
