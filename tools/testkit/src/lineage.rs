//! The blocks that a test has made so far, to tell what a block on one of them must commit to. Blocks know their parents
//! by id only, and tests build forks of every shape.

use fedcoin_node::consensus::{ChainParams, Commitments};
use fedcoin_node::ledger::{Utxo, UtxoDiff, UtxoSet, ledger_root};
use fedcoin_node::primitives::{Block, BlockId, Identified, Output, StateRoots};
use fedcoin_node::units::{Amount, Height};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard};

use crate::ledger::map_key;

/// A block, and what a block on it must commit to.
struct Made {
    block: Block,
    commitments: Commitments,
    /// The ledger, at the newest checkpoint of a chain.
    outputs: Option<UtxoSet>,
}

static MADE: LazyLock<Mutex<HashMap<BlockId, Made>>> = LazyLock::new(Mutex::default);

fn made() -> MutexGuard<'static, HashMap<BlockId, Made>> {
    MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The roots of a block on `parent`. If no test has made the parent, they are wrong.
pub fn roots_on(params: &ChainParams, parent: BlockId) -> StateRoots {
    let mut made = made();
    if let Some(parent) = made.get(&parent) {
        return parent.commitments.roots();
    }
    let genesis = Identified::from(params.genesis_block());
    let (id, commitments) = (genesis.id(), Commitments::after(&genesis));
    let roots = commitments.roots();
    made.entry(id).or_insert(Made { block: genesis.into_inner(), commitments, outputs: None });
    roots
}

/// Remembers a finished block, if its parent is known.
pub fn remember(block: &Block) {
    let mut made = made();
    let block = Identified::from(block.clone());
    let Some(parent) = made.get(&block.header.previous) else { return };
    let (mut commitments, mut outputs) = (parent.commitments.clone(), None);
    commitments.connect(&block, |height| ledger_root(height, outputs.insert(outputs_after(&block, &mut made)).iter()));
    made.insert(block.id(), Made { block: block.into_inner(), commitments, outputs });
}

/// The unspent outputs after a block, whether or not the blocks before it are valid.
fn outputs_after(block: &Block, made: &mut HashMap<BlockId, Made>) -> UtxoSet {
    let (mut chain, mut outputs) = (vec![block.clone()], None);
    while outputs.is_none()
        && let Some(parent) = made.get_mut(&chain[chain.len() - 1].header.previous)
    {
        outputs = parent.outputs.take();
        if outputs.is_none() {
            chain.push(parent.block.clone());
        }
    }
    let mut outputs = outputs.unwrap_or_else(|| UtxoSet::new(map_key()));
    chain.iter().rev().for_each(|block| apply(&mut outputs, block));
    outputs
}

fn apply(outputs: &mut UtxoSet, block: &Block) {
    let height = block.coinbase.height;
    for payment in &block.payments {
        let created = payment.outputs().map(|(outpoint, output)| (outpoint, utxo(*output, height, false)));
        outputs.apply(&UtxoDiff { created: created.collect(), spent: payment.unsigned.inputs.clone() });
    }
    let reward = (block.coinbase.outpoint(), utxo(block.coinbase.output, height, true));
    let created = Some(reward).filter(|(_, utxo)| utxo.output.amount > Amount::ZERO);
    outputs.apply(&UtxoDiff { created: created.into_iter().collect(), spent: Vec::new() });
}

fn utxo(output: Output, height: Height, coinbase: bool) -> Utxo {
    Utxo { output, height, coinbase }
}
