//! Rules C1 to C5.

use crate::common::{Ledger, address, key, params, pay, units};
use crate::{first_payment, output};
use fedcoin_node::consensus::{BlockError, ChainParams, PaymentError};
use fedcoin_node::ledger::{Utxo, UtxoDiff};
use fedcoin_node::primitives::{OutPoint, Output, Payment};
use fedcoin_node::units::{Amount, Height};

/// The error of the next block's only payment.
fn refused(ledger: &Ledger, payment: Payment) -> PaymentError {
    match ledger.clone().connect(ledger.block(address(1), vec![payment], Amount::ZERO)) {
        Err(BlockError::Payment { index: 0, error }) => error,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn c1() -> PaymentError {
    let mut ledger = Ledger::new(params());
    let payment = first_payment(&ledger, units(1));
    ledger.connect(ledger.block(address(1), vec![payment.clone()], Amount::ZERO)).unwrap();
    refused(&ledger, payment)
}

pub(crate) fn c2() -> PaymentError {
    let ledger = Ledger::new(params());
    refused(&ledger, pay(&key(2), ledger.network, vec![ledger.coinbase(0)], vec![output(units(1))]))
}

pub(crate) fn c3() -> PaymentError {
    let ledger = Ledger::new(params());
    let amount = Amount::from_fed(50);
    ledger.clone().connect(ledger.block(address(1), vec![first_payment(&ledger, amount)], Amount::ZERO)).unwrap();
    refused(&ledger, first_payment(&ledger, amount.checked_add(units(1)).unwrap()))
}

pub(crate) fn c4() -> PaymentError {
    // Genesis's coins may be spent from height 2 on.
    let mut ledger = Ledger::new(ChainParams { coinbase_maturity: 2, ..params() });
    let payment = first_payment(&ledger, units(1));
    let error = refused(&ledger, payment.clone());
    ledger.connect(ledger.block(address(1), vec![], Amount::ZERO)).unwrap();
    ledger.connect(ledger.block(address(1), vec![payment], Amount::ZERO)).unwrap();
    error
}

pub(crate) fn c5() -> BlockError {
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
