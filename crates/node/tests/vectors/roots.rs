//! Rules B3, B8 and B9: the roots that a block commits to.

use super::json::named;
use fedcoin_node::consensus::{ChainParams, History, checkpoint_of};
use fedcoin_node::ledger::{Utxo, ledger_root};
use fedcoin_node::primitives::{Address, BlockId, OutPoint, Output, TxId, sha256};
use fedcoin_node::units::{Amount, CompactTarget, Height, Work};
use serde_json::{Map, Value, json};

pub(crate) fn chapter() -> Value {
    json!({
        "commitments": commitments(),
        "histories": histories(),
        "checkpoints": checkpoints(),
        "ledgers": ledgers(),
    })
}

/// The roots of genesis blocks.
fn commitments() -> Value {
    let case = |name: &'static str| {
        let genesis = ChainParams::built_in(name).unwrap().genesis_block();
        let payments = genesis.payments_root([].into_iter());
        (name, json!({ "payments": payments, "roots": genesis.roots, "commitment": genesis.commitment() }))
    };
    named(ChainParams::BUILT_IN.map(case))
}

/// Headers by id and own work, and the root over none of them, the first, the first two and so on.
fn histories() -> Value {
    let leaves: Vec<(BlockId, Work)> = (0..20_u8)
        .map(|n| {
            let work = CompactTarget(0x1d01_0000 + u32::from(n)).expand().unwrap().work();
            (BlockId(sha256(&[&[n]])), if n == 0 { Work::ZERO } else { work })
        })
        .collect();
    let mut history = History::default();
    let mut roots = vec![history.root()];
    for (id, work) in &leaves {
        history.push(*id, *work);
        roots.push(history.root());
    }
    let headers: Vec<Value> = leaves.iter().map(|(id, work)| json!({ "id": id, "work": work })).collect();
    json!({ "headers": headers, "roots": roots })
}

/// The height of a block to that of its checkpoint.
fn checkpoints() -> Value {
    let heights = [0, 1, 1_023, 1_024, 1_087, 1_088, 2_111, 2_112, 100_000, u32::MAX];
    let cases = heights.map(|height| (height.to_string(), checkpoint_of(Height(height)).0.into()));
    Value::Object(Map::from_iter(cases))
}

/// The `index`th of the outputs of all ledgers below.
fn output(index: u32) -> (OutPoint, Utxo) {
    let hash = sha256(&[&index.to_le_bytes()]);
    let mut recipient = [0; 20];
    recipient.copy_from_slice(&hash[..20]);
    let output = Output { amount: Amount::from_fed(index + 1), recipient: Address(recipient) };
    let utxo = Utxo { output, height: Height(index / 3), coinbase: index.is_multiple_of(3) };
    (OutPoint { txid: TxId(hash), index }, utxo)
}

/// The first outputs of one list make each ledger.
fn ledgers() -> Value {
    let case = |(name, checkpoint, count): (&'static str, u32, u32)| {
        let root = ledger_root(Height(checkpoint), (0..count).map(output));
        (name, json!({ "checkpoint": checkpoint, "count": count, "root": root }))
    };
    let cases = named(
        [
            ("no output", 0, 0),
            ("one output", 0, 1),
            ("a full page", 1_024, 16),
            ("one more than a page", 1_024, 17),
            ("several pages", 2_048, 60),
            ("the same at another checkpoint", 3_072, 60),
        ]
        .map(case),
    );
    let outputs = (0..60).map(output).map(|(outpoint, utxo)| {
        json!([outpoint.to_string(), utxo.output.recipient, utxo.output.amount, utxo.height, utxo.coinbase])
    });
    json!({ "outputs": outputs.collect::<Vec<_>>(), "cases": cases })
}
