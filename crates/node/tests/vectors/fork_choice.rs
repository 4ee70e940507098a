//! Rules F1 and F2: which of two chains a node that knows both chooses.

use super::json::{hex_of, named};
use fedcoin_node::consensus::{ChainParams, TieBreak};
use fedcoin_node::primitives::Block;
use fedcoin_node::units::{Amount, Timestamp};
use fedcoin_testkit::driver::Driver;
use fedcoin_testkit::ledger::{Ledger, address, params, solve};
use serde_json::{Value, json};

pub(crate) fn chapter() -> Value {
    let (by_time, by_id) = (with(TieBreak::EarlierTime), with(TieBreak::LowerId));
    let early = child(&by_time, 1_000, 0);
    let longer = vec![child(&by_id, 1_000, 0), grandchild(&by_id)];
    let alone = lower_than(&by_id, 1_000, &longer[1]);
    let id_first = child(&by_id, 1_000, 0);
    let same_time = lower_than(&by_time, 1_000, &early);
    let late_and_lower = lower_than(&by_id, 2_000, &id_first);
    let late_but_lower = lower_than(&by_time, 2_000, &early);
    named([
        ("more work", case(&by_id, &longer, &[alone], 0)),
        (
            "the earlier time, though the id is higher",
            case(&by_time, core::slice::from_ref(&early), &[late_but_lower], 0),
        ),
        ("the same time, the lower id", case(&by_time, &[early], &[same_time], 1)),
        ("the lower id, though the time is later", case(&by_id, &[id_first], &[late_and_lower], 1)),
    ])
}

fn with(tie_break: TieBreak) -> ChainParams {
    ChainParams { tie_break, ..params() }
}

/// A block on genesis.
fn child(params: &ChainParams, time: u64, salt: u32) -> Block {
    let mut block = Ledger::new(params.clone()).block(address(2), vec![], Amount::ZERO);
    (block.header.time, block.header.salt) = (Timestamp(time), salt);
    solve(&mut block);
    block
}

fn grandchild(params: &ChainParams) -> Block {
    let mut ledger = Ledger::new(params.clone());
    ledger.connect(child(params, 1_000, 0)).unwrap();
    ledger.block(address(3), vec![], Amount::ZERO)
}

/// A block on genesis whose id is lower than another's.
fn lower_than(params: &ChainParams, time: u64, other: &Block) -> Block {
    (1..).map(|salt| child(params, time, salt)).find(|block| block.id() < other.id()).unwrap()
}

/// Two chains on genesis, and the tip of the one that wins in any order of arrival.
fn case(params: &ChainParams, a: &[Block], b: &[Block], winner: usize) -> Value {
    let expected = [a, b][winner].last().unwrap().id();
    for order in [[a, b], [b, a]] {
        let mut driver = Driver::new(params.clone());
        for block in order.into_iter().flatten() {
            driver.submit_block(block.clone());
        }
        assert_eq!(driver.tip(), expected);
    }
    let bytes = |chain: &[Block]| chain.iter().map(hex_of).collect::<Vec<_>>();
    json!({ "params": params, "chains": [bytes(a), bytes(b)], "winner": expected })
}
