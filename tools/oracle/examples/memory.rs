//! Prints the memory of the header tree and the ledger: `cargo run -p fedcoin-oracle --example memory`. It counts
//! allocated bytes, which do not depend on the build profile.
#![allow(clippy::unwrap_used, reason = "a program to measure with")]

use fedcoin_node::chain::{Chain, Snapshot};
use fedcoin_node::collections::MapKey;
use fedcoin_node::ledger::{Utxo, UtxoSet};
use fedcoin_node::primitives::{Address, Coinbase, Header, OutPoint, Output, TxId, sha256};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_oracle::{block_on, params};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    for count in [100_000, 200_000] {
        report("headers", count, headers(count));
        report("unspent outputs, an owner each", count, outputs(count, count));
        report("unspent outputs of 100 owners", count, outputs(count, 100));
    }
}

fn report(what: &str, count: u32, bytes: usize) {
    let each = bytes as f64 / f64::from(count);
    println!("{count:>7} {what:<30} {:>6.1} MB, {each:>5.0} bytes each", bytes as f64 / 1e6);
}

/// Memory of a chain of this many headers, without blocks.
fn headers(count: u32) -> usize {
    let params = params();
    let mut chain = Chain::new(params.clone(), &Snapshot::default(), MapKey::new(1)).unwrap();
    let empty = MEMORY.current_usage();
    let mut parent: Header = params.genesis_block().header;
    for height in 1..=count {
        let output = Output { amount: Amount::ZERO, recipient: Address([0; 20]) };
        let coinbase = Coinbase { height: Height(height), output };
        let time = Timestamp(parent.time.0 + 1);
        parent = block_on(&params, &parent, time, coinbase, Vec::new()).header;
        assert_eq!(chain.accept_header(parent, time), Ok(true));
    }
    MEMORY.current_usage() - empty
}

/// Memory of this many unspent outputs.
fn outputs(count: u32, owners: u32) -> usize {
    let hash = |n: u32| sha256(&[&n.to_le_bytes()]);
    let empty = MEMORY.current_usage();
    let set = UtxoSet::from_entries(
        (0..count).map(|n| {
            let mut recipient = [0; 20];
            recipient.copy_from_slice(&hash(n % owners)[..20]);
            let output = Output { amount: Amount::from_fed(1), recipient: Address(recipient) };
            (OutPoint { txid: TxId(hash(n)), index: 0 }, Utxo { output, height: Height(1), coinbase: false })
        }),
        MapKey::new(1),
    );
    let bytes = MEMORY.current_usage() - empty;
    assert_eq!(set.len(), count as usize);
    bytes
}
