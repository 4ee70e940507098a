//! Forks of any depth heal, and no flood of headers keeps a node from the chain with the most work.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use fedcoin_testkit::driver as harness;

use fedcoin_node::chain::{BlockStatus, Reorganised};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::mempool::DropReason;
use fedcoin_node::primitives::{Block, OutPoint, Payment, TxId};
use fedcoin_node::units::Height;
use fedcoin_node::wire::{Goodbye, Message};
use fedcoin_node::{Event, MiningPolicy};
use harness::{Driver, Served, block_on, chain_on, genesis_key, genesis_outpoint, pay, solve};

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

/// Numbers of disconnected and connected blocks of each move.
fn moves(d: &Driver) -> Vec<(usize, usize)> {
    let change = |event: &Event| match event {
        Event::TipChanged { disconnected, connected, .. } => Some((disconnected.len(), connected.len())),
        _ => None,
    };
    d.events.iter().filter_map(change).collect()
}

/// The reported reorganisations.
fn reorganisations(d: &Driver) -> Vec<Reorganised> {
    let reorganised = |event: &Event| match event {
        Event::Reorganised { reorganised, .. } => Some(*reorganised),
        _ => None,
    };
    d.events.iter().filter_map(reorganised).collect()
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
        // At equal work, the earlier tip may win already.
        let [Reorganised { fork: Height::GENESIS, disconnected, connected }] = reorganisations(&d)[..] else {
            panic!("{depth}")
        };
        assert!(disconnected as usize == depth && connected - disconnected <= 1, "{depth}: {connected}");
        let ledger = node_with(&chain(2, depth + 1)).node.chain().utxos().state_hash();
        assert_eq!(d.node.chain().utxos().state_hash(), ledger);
    }
}

#[test]
fn a_new_node_does_not_stay_on_a_private_chain() {
    let mut d = Driver::new(params());
    let (liar, honest) = (d.ready_peer(1), d.ready_peer(2));
    Served::new(chain(1, 300)).serve(&mut d, liar);
    assert_eq!(d.height(), 300);
    let mut network = Served::new(chain(2, 3_000));
    network.serve(&mut d, honest);
    assert_eq!(d.tip(), network.tip().id());
}

#[test]
fn during_a_long_reorganisation_nothing_is_mined_or_announced() {
    let mut d = node_with(&chain(1, 1_500));
    d.mine(MiningPolicy::Always);
    assert!(d.job.is_some());
    let mut other = Served::new(chain(2, 1_501));
    let (peer, watcher) = (d.ready_peer(1), d.ready_peer(2));
    // Blocks no longer in memory are read, and reading stops half way down.
    d.answered_loads = 40;
    d.sent.clear();
    other.serve(&mut d, peer);
    assert!(d.node.chain().is_moving() && d.height() < 1_400, "{}", d.height());
    assert_eq!(d.job, None);
    d.pass(70_000);
    assert_eq!(d.job, None, "not even after a minute without progress");
    assert!(!d.sent_to(watcher).iter().any(|m| matches!(m, Message::Headers(_))), "no tip is announced on the way");
    let d = d.restart(vec![]);
    assert_eq!(d.tip(), other.tip().id());
    assert_eq!(d.node.chain().id_at(Height(1)), Some(other.headers_after(&[])[0].id()));
}

#[test]
fn an_invalid_block_late_in_a_branch_restores_the_old_chain() {
    let old = chain(1, 900);
    let mut d = node_with(&old);
    let ledger = d.node.chain().utxos().state_hash();
    let mut blocks = chain(2, 700);
    // It spends an output twice, which only the ledger detects.
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
    assert_eq!(reorganisations(&d), [], "the chain is the old one");
    assert_eq!(d.node.chain().utxos().state_hash(), ledger);
    assert_eq!(d.node.chain().block_info(&bad_id).unwrap().status, BlockStatus::Invalid);
    assert_eq!(d.restart(vec![]).tip(), old.last().unwrap().id());
}

#[test]
fn missing_undo_data_is_reported_and_not_requested_endlessly() {
    let mut d = node_with(&chain(1, 10)).restart(vec![]);
    d.disk.lose_undo_data();
    let peer = d.ready_peer(1);
    Served::new(chain(2, 11)).serve(&mut d, peer);
    let corrupt = |event: &Event| matches!(event, Event::StorageCorrupt { .. });
    assert!(d.events.iter().any(corrupt));
    assert_eq!(d.loads, 1);
}

/// The limit of rule F5: 50,000 side headers.
const SIDE_HEADERS: usize = 50_000;

#[test]
fn a_flood_of_headers_does_not_exclude_the_chain_with_most_work() {
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
    // All headers are on disk, too.
    assert_eq!(d.restart(vec![]).node.chain().best_header().id, network.tip().id());
}

/// A node whose best header chain is `flood`, and whose space for side headers is used up by `side`.
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
fn above_the_limit_only_branches_with_more_work_are_kept() {
    let side = chain(2, SIDE_HEADERS + 2_500);
    let mut d = full_node(SIDE_HEADERS + 3_000, &side);
    let known = |d: &Driver, height: usize| d.node.chain().height_of(&side[height].id()).is_some();
    assert!(known(&d, SIDE_HEADERS) && !known(&d, SIDE_HEADERS + 1));
    // A peer that shows another branch the second time gains nothing.
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
    // The branch itself is accepted from a peer that shows it twice.
    let honest = d.ready_peer(3);
    let mut heavy = heavy;
    heavy.bodies = false;
    heavy.serve(&mut d, honest);
    assert_eq!(d.node.chain().best_header().id, heavy.tip().id());
}

#[test]
fn an_announcement_that_crosses_a_request_does_not_end_the_presync() {
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
        assert!(seen < 500, "the presync must not start again with each block");
    }
}

#[test]
fn a_presync_checks_every_rule_of_headers() {
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

/// The reported drops: payment, reason, and whether a block had confirmed it.
fn dropped(d: &Driver) -> Vec<(TxId, DropReason, bool)> {
    let drop = |event: &Event| match event {
        Event::PaymentDropped { dropped, undone } => Some((dropped.txid, dropped.reason.clone(), undone.is_some())),
        _ => None,
    };
    d.events.iter().filter_map(drop).collect()
}

/// Payments that each spend the previous one, more than may be chained in the mempool (rule P3).
fn long_family() -> Vec<Payment> {
    let own = genesis_key().public_key().address();
    let mut family = vec![pay(&params(), genesis_outpoint(&params()), &[(own, 50)])];
    for _ in 1..30 {
        let parent = OutPoint { txid: family.last().unwrap().txid(), index: 0 };
        family.push(pay(&params(), parent, &[(own, 50)]));
    }
    family
}

/// Genesis, `n` blocks, one block with these payments, `m` blocks.
fn chain_with(salt: u32, n: usize, payments: Vec<Payment>, m: usize) -> Vec<Block> {
    let mut blocks = chain(salt, n);
    blocks.push(block_on(&params(), blocks.last().unwrap(), salt, payments));
    let more = chain_on(&params(), blocks.last().unwrap(), salt, m);
    blocks.extend(more);
    blocks
}

/// A node that has mined `old` and has then received `new`.
fn moved(old: &[Block], new: Vec<Block>) -> Driver {
    let mut d = node_with(old);
    let peer = d.ready_peer(1);
    Served::new(new).serve(&mut d, peer);
    d
}

#[test]
fn payments_mined_again_by_a_long_reorganisation_are_not_reported() {
    let family = long_family();
    let d = moved(&chain_with(1, 0, family.clone(), 600), chain_with(2, 599, family.clone(), 10));
    assert_eq!(d.height(), 610);
    assert!(d.node.mempool().is_empty());
    assert_eq!(dropped(&d), []);
    // Only the end counts: without a block, five too many remain for the mempool.
    let d = moved(&chain_with(1, 0, family.clone(), 600), chain(2, 610));
    assert_eq!(stages(&d)[..5], [true, true, true, true, false]);
    assert_eq!(d.node.mempool().len(), 26);
    let ids: Vec<TxId> = dropped(&d).iter().map(|(txid, ..)| *txid).collect();
    assert_eq!(ids, family[26..].iter().map(Payment::txid).collect::<Vec<_>>());
    assert!(dropped(&d).iter().all(|(.., undone)| *undone));
}

#[test]
fn payments_undone_for_good_are_reported_once_with_their_rival() {
    let payment = pay(&params(), genesis_outpoint(&params()), &[(harness::address(2), 50)]);
    let rival = pay(&params(), genesis_outpoint(&params()), &[(harness::address(3), 50)]);
    let old = chain_with(1, 0, vec![payment.clone()], 600);
    let d = moved(&old, chain_with(2, 300, vec![rival.clone()], 310));
    assert_eq!(dropped(&d), [(payment.txid(), DropReason::Conflict { by: rival.txid() }, true)]);
    // An invalid block leads back to the chain that confirms it.
    let mut bad = chain_with(2, 0, vec![rival.clone()], 650);
    bad.push(block_on(&params(), bad.last().unwrap(), 2, vec![rival]));
    let d = moved(&old, bad.iter().cloned().chain(chain_on(&params(), bad.last().unwrap(), 2, 10)).collect());
    assert_eq!(d.height(), 651);
    assert_eq!(dropped(&d).len(), 1, "the valid part of the branch has more work");
    bad.truncate(590);
    bad.push(bad_block(bad.last().unwrap()));
    bad.extend(chain_on(&params(), &bad.last().unwrap().clone(), 2, 100));
    let d = moved(&old, bad);
    assert_eq!(d.tip(), old.last().unwrap().id());
    // Only the payment that the invalid branch had confirmed, and that was undone with it.
    let expected = DropReason::Conflict { by: payment.txid() };
    assert!(dropped(&d).iter().all(|(_, reason, _)| *reason == expected), "{:?}", dropped(&d));
}

#[test]
fn a_reorganisation_cut_short_by_an_invalid_block_ends_there() {
    let mut blocks = chain(2, 768);
    blocks.push(bad_block(blocks.last().unwrap()));
    blocks.extend(chain_on(&params(), &blocks.last().unwrap().clone(), 2, 50));
    let mut d = node_with(&chain(1, 512)).restart(vec![]);
    let (peer, watcher) = (d.ready_peer(1), d.ready_peer(2));
    d.sent.clear();
    // All blocks have arrived by the time the old ones have been read.
    d.to_read = Some(vec![]);
    Served::new(blocks.clone()).serve(&mut d, peer);
    while d.read_blocks() {}
    assert_eq!(d.tip(), blocks[768].id());
    // Five moves, none of which reached the best tip known at the time.
    assert_eq!(moves(&d), [(256, 0), (256, 0), (0, 256), (0, 256), (0, 256), (0, 0)]);
    assert_eq!(stages(&d), [true, true, true, true, true, false]);
    let is_tip = |message: &&Message| **message == Message::Headers(vec![blocks[768].header]);
    assert!(d.sent_to(watcher).iter().any(is_tip), "the tip is announced");
}

/// Whether each move had further ones to follow.
fn stages(d: &Driver) -> Vec<bool> {
    let moving = |event: &Event| match event {
        Event::TipChanged { moving, .. } => Some(*moving),
        _ => None,
    };
    d.events.iter().filter_map(moving).collect()
}

/// A block that spends a nonexistent output.
fn bad_block(parent: &Block) -> Block {
    let nothing = OutPoint { txid: TxId([7; 32]), index: 0 };
    block_on(&params(), parent, 2, vec![pay(&params(), nothing, &[(harness::address(3), 50)])])
}

/// A branch point at height 10, the blocks of the old branch and of the better one from genesis on, and a payment whose
/// coin is mature on both ends of the way between them and in its middle is not.
fn immature_on_the_way() -> (ChainParams, Vec<Block>, Vec<Block>, Payment) {
    let params = ChainParams { coinbase_maturity: 100, ..params() };
    let mut old = vec![params.genesis_block()];
    grow(&params, &mut old, 1, 4);
    let own = own_block_on(&params, old.last().unwrap(), 1);
    let payment = pay(&params, own.coinbase.outpoint(), &[(harness::address(2), 50)]);
    old.push(own);
    grow(&params, &mut old, 1, 5);
    let mut new = old.clone();
    grow(&params, &mut old, 1, 490);
    grow(&params, &mut new, 2, 492);
    (params, old, new, payment)
}

/// A block whose reward the genesis key gets.
fn own_block_on(params: &ChainParams, parent: &Block, salt: u32) -> Block {
    let mut own = block_on(params, parent, salt, vec![]);
    own.coinbase.output.recipient = genesis_key().public_key().address();
    own.header.commitment = own.commitment();
    solve(&mut own);
    own
}

fn grow(params: &ChainParams, blocks: &mut Vec<Block>, salt: u32, n: usize) {
    blocks.extend(chain_on(params, &blocks.last().unwrap().clone(), salt, n));
}

#[test]
fn payments_refused_only_in_between_return_at_the_end() {
    let (params, mut old, new, payment) = immature_on_the_way();
    old.truncate(301);
    old.push(block_on(&params, old.last().unwrap(), 1, vec![payment.clone()]));
    grow(&params, &mut old, 1, 199);
    let mut d = Driver::new(params);
    old[1..].iter().for_each(|block| d.submit_block(block.clone()));
    let peer = d.ready_peer(1);
    let mut other = Served::new(new);
    other.serve(&mut d, peer);
    assert_eq!(d.tip(), other.tip().id());
    assert!(d.node.mempool().contains(&payment.txid()));
    assert_eq!(d.disk.snapshot().payments, [payment]);
    assert_eq!(dropped(&d), []);
}

#[test]
fn waiting_payments_refused_only_in_between_return_even_after_a_crash() {
    let (params, old, new, payment) = immature_on_the_way();
    let (early, late) = new.split_at(new.len() - 3);
    for answered_loads in [usize::MAX, 40] {
        let mut d = Driver::new(params.clone());
        old[1..].iter().for_each(|block| d.submit_block(block.clone()));
        d.submit_payment(payment.clone());
        early[11..].iter().for_each(|block| d.submit_block(block.clone()));
        // All blocks are read from the disk from now on, and reading may stop.
        d = d.restart(vec![]);
        assert_eq!((d.tip(), d.node.mempool().len()), (old.last().unwrap().id(), 1));
        d.answered_loads = answered_loads;
        late.iter().for_each(|block| d.submit_block(block.clone()));
        if answered_loads < usize::MAX {
            assert!(d.node.chain().is_moving() && d.node.mempool().is_empty(), "{}", d.height());
            d = d.restart(vec![]);
        }
        assert_eq!(d.tip(), new.last().unwrap().id());
        assert!(d.node.mempool().contains(&payment.txid()));
        assert_eq!(d.disk.snapshot().payments, std::slice::from_ref(&payment));
        assert_eq!(dropped(&d), []);
    }
}

#[test]
fn payments_that_conflict_with_an_invalid_branch_return_when_it_is_undone() {
    let payment = pay(&params(), genesis_outpoint(&params()), &[(harness::address(2), 50)]);
    let old = chain(1, 600);
    // It also spends a reward of the bad branch, and so cannot wait on the old one.
    let own = own_block_on(&params(), &old[0], 2);
    let mut rival = pay(&params(), genesis_outpoint(&params()), &[(harness::address(3), 100)]);
    rival.unsigned.inputs.push(own.coinbase.outpoint());
    rival.signature = genesis_key().sign(&rival.unsigned.signing_message(params().network_id()));
    let mut bad = vec![old[0].clone(), own];
    bad.push(block_on(&params(), &bad[1], 2, vec![rival.clone()]));
    grow(&params(), &mut bad, 2, 588);
    bad.push(bad_block(bad.last().unwrap()));
    grow(&params(), &mut bad, 2, 100);
    let mut d = node_with(&old);
    d.submit_payment(payment.clone());
    let peer = d.ready_peer(1);
    Served::new(bad).serve(&mut d, peer);
    assert_eq!(d.tip(), old.last().unwrap().id());
    assert!(d.node.mempool().contains(&payment.txid()), "{:?}", dropped(&d));
    assert_eq!(d.disk.snapshot().payments, std::slice::from_ref(&payment));
    assert!(dropped(&d).iter().all(|(txid, ..)| *txid == rival.txid()));
}
