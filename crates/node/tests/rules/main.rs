//! Breaks each rule of `docs/protocol.md` once, and checks that document and errors agree.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

mod blocks;
mod document;
mod frames;
mod headers;
mod ledger;
mod mempool;
mod payments;

use fedcoin_testkit::driver as harness;
use fedcoin_testkit::ledger as common;

use common::{Ledger, address, key, params, pay};
use fedcoin_node::primitives::{Header, OutPoint, Output, Payment, TxId};
use fedcoin_node::units::Amount;

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

/// A payment of the first coins.
fn first_payment(ledger: &Ledger, amount: Amount) -> Payment {
    pay(&key(1), ledger.network, vec![ledger.coinbase(0)], vec![output(amount)])
}
