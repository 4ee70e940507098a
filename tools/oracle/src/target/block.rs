use crate::{Bytes, NaiveLedger, fixtures, params};
use fedcoin_node::chain::Chain;
use fedcoin_node::codec;
use fedcoin_node::collections::MapKey;
use fedcoin_node::consensus::{check_header_in_isolation, connect_block, disconnect_block};
use fedcoin_node::ledger::{UtxoDiff, UtxoOverlay, UtxoSet};
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_node::units::{Height, Timestamp};

/// Any bytes are either a block with exactly this encoding, or not a block. The node's checks and the naive ledger
/// agree on the block, and connecting it can be undone.
///
/// The first byte's bits say what to correct first, so that later checks are reached: the header's position with the
/// roots that belong there, the commitment, the work; the fourth leaves the roots as they are.
pub fn block(bytes: &[u8]) {
    let mut choices = Bytes::new(bytes);
    let help = choices.byte();
    let Ok(mut block) = codec::decode::<Block>(bytes.get(1..).unwrap_or_default()) else { return };
    assert_eq!(codec::encode(&block), bytes[1..], "a block has two encodings");
    assert_eq!(block.size(), bytes.len() - 1);

    let params = params();
    let genesis = params.genesis_block();
    if help & 1 != 0 {
        block.header.previous = genesis.id();
        (block.header.version, block.header.target, block.header.time) = (1, params.target, Timestamp(1));
        block.coinbase.height = Height(1);
        if help & 8 == 0 {
            block.roots = crate::NaiveChain::new(params.clone()).roots_on(genesis.id());
        }
    }
    if help & 2 != 0 {
        block.header.commitment = block.commitment();
    }
    if help & 4 != 0 {
        fixtures::solve_header(&mut block.header);
    }
    let _ = check_header_in_isolation(block.header).map_err(|error| assert!(error.rule().starts_with('H')));

    let mut chain = Chain::new(params.clone(), &Default::default(), MapKey::new(1)).unwrap();
    let wall = Timestamp(1_000_000);
    let taken = chain.accept_header(block.header, wall) == Ok(true);
    let mut naive = crate::NaiveChain::new(params.clone());
    assert_eq!(taken, naive.give_header(&block.header, wall));
    if !taken {
        return;
    }
    naive.give(&block, wall);
    let expected = naive.replay(block.id()).map(|(_, ledger)| ledger);
    check(&chain, block, expected);
}

/// Connects a block on genesis, or finds what is wrong with it, as `expected` says.
fn check(chain: &Chain, block: Block, expected: Option<NaiveLedger>) {
    let (id, before) = (block.id(), chain.utxos());
    let Some((after, undone)) = connect_and_back(chain, block) else {
        assert_eq!(expected, None, "{id} is refused");
        return;
    };
    let expected = expected.unwrap_or_else(|| panic!("{id} is accepted"));
    assert_eq!(after.state_hash(), expected.state_hash());
    assert_eq!(u128::from(after.supply().units()), expected.supply());
    assert_eq!(undone, *before, "disconnecting does not undo connecting");
}

/// The ledger with the block, and after disconnecting it. `None` if the block is invalid.
fn connect_and_back(chain: &Chain, block: Block) -> Option<(UtxoSet, UtxoSet)> {
    let block = chain.check_block(block).ok()?;
    if block.payments().any(|(payment, _)| !NaiveLedger::is_signed(&payment.signature)) {
        return None;
    }
    let block = block.into_sound();
    let (mut overlay, mut commitments) = (UtxoOverlay::default(), chain.commitments().clone());
    let connected = connect_block(&block, &mut commitments, chain.utxos(), &mut overlay, chain.params()).ok()?;
    assert_eq!(connected.id(), BlockId(block.block().id().0));
    let after = with(chain.utxos(), overlay.into_diff());
    let mut overlay = UtxoOverlay::default();
    disconnect_block(block.block(), &connected.undo, &mut commitments, &after, &mut overlay);
    assert_eq!(commitments, *chain.commitments());
    let undone = with(&after, overlay.into_diff());
    Some((after, undone))
}

fn with(utxos: &UtxoSet, diff: UtxoDiff) -> UtxoSet {
    let mut utxos = utxos.clone();
    utxos.apply(&diff);
    utxos
}
