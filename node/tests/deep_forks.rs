//! Branches of any depth heal, and no flood of headers shuts the heaviest chain out.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod harness;

use fedcoin_node::chain::{BlockStatus, Reorganised};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::Block;
use fedcoin_node::units::Height;
use fedcoin_node::wire::{Goodbye, Message};
use fedcoin_node::{Event, MiningPolicy};
use harness::{Driver, Served, block_on, chain_on, genesis_outpoint, pay, solve};

fn params() -> ChainParams {
    ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() }
}

/// Genesis and `n` blocks.
fn chain(salt: u32, n: usize) -> Vec<Block> {
    let genesis = params().genesis_block();
    let mut blocks = vec![genesis.clone()];
    blocks.extend(chain_on(&params(), &genesis, salt, n));
    blocks
}

/// A node that has mined this chain alone.
fn node_with(blocks: &[Block]) -> Driver {
    let mut d = Driver::new(params());
    for block in &blocks[1..] {
        d.submit_block(block.clone());
    }
    assert_eq!(d.tip(), blocks.last().unwrap().id());
    d.events.clear();
    d
}

/// Blocks taken off and put on by each move.
fn moves(d: &Driver) -> Vec<(usize, usize)> {
    let change = |event: &Event| match event {
        Event::TipChanged { disconnected, connected, .. } => Some((disconnected.len(), connected.len())),
        _ => None,
    };
    d.events.iter().filter_map(change).collect()
}

/// What was told of reorganisations.
fn told(d: &Driver) -> Vec<Reorganised> {
    let told = |event: &Event| match event {
        Event::Reorganised { reorganised, .. } => Some(*reorganised),
        _ => None,
    };
    d.events.iter().filter_map(told).collect()
}

#[test]
fn forks_of_every_depth_heal() {
    for depth in [1, 255, 256, 257, 513, 2_570] {
        let mut d = node_with(&chain(1, depth));
        let mut other = Served::new(chain(2, depth + 1));
        let peer = d.ready_peer(1);
        other.serve(&mut d, peer);
        assert_eq!(d.tip(), other.tip().id(), "a fork {depth} deep");
        let moves = moves(&d);
        assert!(moves.iter().all(|(off, on)| off + on <= 256), "{depth}: {moves:?}");
        assert_eq!(moves.iter().map(|(off, _)| off).sum::<usize>(), depth);
        // At equal work the earlier tip may win already.
        let [Reorganised { fork: Height::GENESIS, disconnected, connected }] = told(&d)[..] else { panic!("{depth}") };
        assert!(disconnected as usize == depth && connected - disconnected <= 1, "{depth}: {connected}");
        let ledger = node_with(&chain(2, depth + 1)).node.chain().utxos().state_hash();
        assert_eq!(d.node.chain().utxos().state_hash(), ledger);
    }
}

#[test]
fn a_newcomer_does_not_stay_on_a_private_chain() {
    let mut d = Driver::new(params());
    let (liar, honest) = (d.ready_peer(1), d.ready_peer(2));
    Served::new(chain(1, 300)).serve(&mut d, liar);
    assert_eq!(d.height(), 300);
    let mut network = Served::new(chain(2, 3_000));
    network.serve(&mut d, honest);
    assert_eq!(d.tip(), network.tip().id());
}

#[test]
fn on_a_long_way_nothing_is_mined_or_told_and_a_crash_loses_nothing() {
    let mut d = node_with(&chain(1, 1_500));
    d.mine(MiningPolicy::Always);
    assert!(d.job.is_some());
    let mut other = Served::new(chain(2, 1_501));
    let (peer, watcher) = (d.ready_peer(1), d.ready_peer(2));
    // The blocks that left memory are read, and reading stops half way down.
    d.answered_loads = 40;
    d.sent.clear();
    other.serve(&mut d, peer);
    assert!(d.node.chain().is_moving() && d.height() < 1_400, "{}", d.height());
    assert_eq!(d.job, None);
    d.pass(70_000);
    assert_eq!(d.job, None, "not even after a minute without progress");
    assert!(!d.sent_to(watcher).iter().any(|m| matches!(m, Message::Headers(_))), "no tip is told on the way");
    let d = d.restart(vec![]);
    assert_eq!(d.tip(), other.tip().id());
    assert_eq!(d.node.chain().id_at(Height(1)), Some(other.headers_after(&[])[0].id()));
}

#[test]
fn a_bad_block_far_up_the_better_branch_leads_back_to_the_old_chain() {
    let old = chain(1, 900);
    let mut d = node_with(&old);
    let ledger = d.node.chain().utxos().state_hash();
    let mut blocks = chain(2, 700);
    // Spends an output twice, which only the ledger tells.
    let payment = pay(&params(), genesis_outpoint(&params()), &[(harness::address(3), 50)]);
    blocks.push(block_on(&params(), blocks.last().unwrap(), 2, vec![payment.clone()]));
    let bad = block_on(&params(), blocks.last().unwrap(), 2, vec![payment]);
    let bad_id = bad.id();
    blocks.push(bad);
    let more = chain_on(&params(), blocks.last().unwrap(), 2, 300);
    blocks.extend(more);
    let peer = d.ready_peer(1);
    Served::new(blocks).serve(&mut d, peer);
    assert_eq!(d.tip(), old.last().unwrap().id());
    assert_eq!(told(&d), [], "the course is the old one");
    assert_eq!(d.node.chain().utxos().state_hash(), ledger);
    assert_eq!(d.node.chain().block_info(&bad_id).unwrap().status, BlockStatus::Invalid);
    assert_eq!(d.restart(vec![]).tip(), old.last().unwrap().id());
}

#[test]
fn undo_data_that_are_missing_are_said_to_be_and_not_asked_for_without_end() {
    let mut d = node_with(&chain(1, 10)).restart(vec![]);
    d.disk.lose_undo_data();
    let peer = d.ready_peer(1);
    Served::new(chain(2, 11)).serve(&mut d, peer);
    let corrupt = |event: &Event| matches!(event, Event::StorageCorrupt { .. });
    assert!(d.events.iter().any(corrupt));
    assert_eq!(d.loads, 1);
}

/// Rule F5, with a bound of 50,000 side headers.
const SIDE_HEADERS: usize = 50_000;

#[test]
fn a_flood_of_headers_without_blocks_does_not_shut_the_heaviest_chain_out() {
    let mut d = Driver::new(params());
    let (liar, honest) = (d.ready_peer(1), d.ready_peer(2));
    let mut flood = Served::new(chain(1, SIDE_HEADERS + 3_500));
    flood.bodies = false;
    flood.serve(&mut d, liar);
    assert_eq!(d.node.chain().best_header().id, flood.tip().id());
    let mut network = Served::new(chain(2, SIDE_HEADERS + 7_001));
    network.bodies = false;
    network.serve(&mut d, honest);
    assert_eq!(d.node.chain().best_header().id, network.tip().id());
    // All of it is on disk, too.
    assert_eq!(d.restart(vec![]).node.chain().best_header().id, network.tip().id());
}

/// A node whose best chain of headers is `flood`, and whose room for side headers is used up by `side`.
fn full_node(flood: usize, side: &[Block]) -> Driver {
    let mut d = Driver::new(params());
    for (peer, blocks) in (10..).zip([chain(1, flood).as_slice(), side]) {
        let liar = d.ready_peer(peer);
        let mut served = Served::new(blocks.to_vec());
        served.bodies = false;
        served.serve(&mut d, liar);
    }
    d
}

#[test]
fn beyond_the_bound_only_what_leads_to_more_work_is_kept() {
    let side = chain(2, SIDE_HEADERS + 2_500);
    let mut d = full_node(SIDE_HEADERS + 3_000, &side);
    let known = |d: &Driver, height: usize| d.node.chain().height_of(&side[height].id()).is_some();
    assert!(known(&d, SIDE_HEADERS) && !known(&d, SIDE_HEADERS + 1));
    // Whoever shows another branch the second time than the first is believed no stretch of it.
    let (heavy, light) = (Served::new(chain(3, SIDE_HEADERS + 3_001)), chain(4, 4_000));
    let liar = d.ready_peer(2);
    d.receive(liar, &Message::Headers(vec![heavy.tip().header]));
    let (mut seen, mut turned) = (0, false);
    while seen < d.sent.len() {
        let (to, message) = d.sent[seen].clone();
        seen += 1;
        let Message::GetHeaders { locator } = message else { continue };
        turned |= locator[0] == heavy.headers_after(&[])[0].previous && seen > 40;
        let headers = heavy.headers_after(&locator);
        let other: Vec<_> = light[1..=2_000].iter().map(|b| b.header).collect();
        if to == liar {
            d.receive(liar, &Message::Headers(if turned { other } else { headers }));
        }
    }
    assert!(turned);
    assert_eq!(d.node.chain().height_of(&light[1].id()), None);
    assert_eq!(d.disconnects, []);
    // The branch itself is taken, when somebody shows it twice.
    let honest = d.ready_peer(3);
    let mut heavy = heavy;
    heavy.bodies = false;
    heavy.serve(&mut d, honest);
    assert_eq!(d.node.chain().best_header().id, heavy.tip().id());
}

#[test]
fn an_announcement_that_crosses_a_question_does_not_end_the_weighing() {
    let side = chain(2, SIDE_HEADERS + 10);
    let mut d = full_node(SIDE_HEADERS + 3_000, &side);
    let network = chain(3, SIDE_HEADERS + 3_001);
    let served = Served::new(network.clone());
    let honest = d.ready_peer(2);
    d.receive(honest, &Message::Headers(vec![served.tip().header]));
    let mut seen = 0;
    let mut tip = network.last().unwrap().clone();
    while d.node.chain().best_header().id != network.last().unwrap().id() {
        let (to, message) = d.sent[seen].clone();
        seen += 1;
        let (Message::GetHeaders { locator }, true) = (message, to == honest) else { continue };
        tip = block_on(&params(), &tip, 3, vec![]);
        d.receive(honest, &Message::Headers(vec![tip.header]));
        d.receive(honest, &Message::Headers(served.headers_after(&locator)));
        assert!(seen < 500, "it begins anew with each block");
    }
}

#[test]
fn while_a_branch_is_weighed_every_rule_of_headers_counts() {
    let side = chain(2, SIDE_HEADERS + 10);
    let mut d = full_node(SIDE_HEADERS + 3_000, &side);
    let mut network = chain(3, 5_000);
    let bad = network.last_mut().unwrap();
    bad.header.time.0 -= 60_000;
    solve(bad);
    let peer = d.ready_peer(2);
    Served::new(network).serve(&mut d, peer);
    assert_eq!(d.disconnects, [(peer, Goodbye::InvalidHeader)]);
}
