//! The node as a whole, driven step by step: connections, sync, blocks, payments, mining.
#![cfg(not(target_arch = "wasm32"))]

use fedcoin_testkit::driver as harness;

mod blocks;
mod budgets;
mod clock;
mod connections;
mod dialling;
mod headers;
mod mining;
mod orphan_payments;
mod payments;
mod reorganisations;
mod start;

use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::Block;
use fedcoin_node::wire::Message;
use harness::Driver;

fn regtest() -> ChainParams {
    // No maturity, so that the genesis output can be spent at once.
    ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() }
}

fn driver() -> (Driver, ChainParams, Block) {
    let params = regtest();
    (Driver::new(params.clone()), params.clone(), params.genesis_block())
}

fn headers(blocks: &[Block]) -> Message {
    Message::Headers(blocks.iter().map(|b| b.header).collect())
}
