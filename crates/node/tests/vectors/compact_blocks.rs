//! Rule W10: blocks with short ids.

use super::json::{hex_of, named};
use fedcoin_node::codec::encode;
use fedcoin_node::primitives::{Block, sha256};
use fedcoin_node::primitives::{OutPoint, Output};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::CompactBlock;
use fedcoin_testkit::ledger::{Ledger, address, key, params, pay, units};
use serde_json::{Value, json};

pub(crate) fn chapter() -> Value {
    let block = block();
    named([("a salt of zero", case(&block, 0)), ("another salt", case(&block, 0x0102_0304_0506))])
}

/// Three payments, each spending an output of the previous one.
pub(crate) fn block() -> Block {
    let ledger = Ledger::new(params());
    let mut spent: OutPoint = ledger.coinbase(0);
    let mut payments = Vec::new();
    for (sender, amount) in [(1, 4_000_000_000), (2, 3_000_000_000), (3, 2_000_000_000)] {
        let output = Output { amount: units(amount), recipient: address(sender + 1) };
        let payment = pay(&key(sender), ledger.network, vec![spent], vec![output]);
        spent = OutPoint { txid: payment.txid(), index: 0 };
        payments.push(payment);
    }
    ledger.block(address(5), payments, Amount::ZERO)
}

fn case(block: &Block, salt: u64) -> Value {
    let compact = CompactBlock::of(block, salt);
    let key = sha256(&[&block.header.to_bytes(), &salt.to_le_bytes()]);
    json!({
        "block": hex_of(block),
        "salt": salt,
        "siphash_key": hex::encode(&key[..16]),
        "payment_hashes": block.payments.iter().map(|payment| payment.hash()).collect::<Vec<_>>(),
        "short_ids": compact.short_ids.iter().map(|id| hex::encode(encode(id))).collect::<Vec<_>>(),
        "bytes": hex_of(&compact),
    })
}
