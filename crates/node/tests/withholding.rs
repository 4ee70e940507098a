//! Peers that announce things and do not deliver them: they cost a bounded time.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use fedcoin_testkit::driver as harness;

use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, OutPoint, Payment, TxId};
use fedcoin_node::wire::{Goodbye, MAX_BLOCKS_REQUESTED, Message};
use fedcoin_node::{MiningPolicy, PeerId};
use harness::{Driver, address, block_on, chain_on, config, genesis_key, genesis_outpoint, pay, peer_address};

fn driver() -> (Driver, ChainParams, Block) {
    let params = ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() };
    let genesis = params.genesis_block();
    (Driver::new(params.clone()), params, genesis)
}

fn headers(blocks: &[Block]) -> Message {
    Message::Headers(blocks.iter().map(|b| b.header).collect())
}

/// Lets an honest peer deliver everything requested since the last call.
fn deliver(d: &mut Driver, peer: PeerId, chain: &[Block], seen: &mut usize) {
    while *seen < d.sent.len() {
        let (to, message) = d.sent[*seen].clone();
        *seen += 1;
        let Message::GetBlocks(ids) = message else { continue };
        for id in ids.iter().filter(|_| to == peer) {
            let block = chain.iter().find(|block| block.id() == *id).unwrap();
            d.receive(peer, &Message::Block(Box::new(block.clone())));
        }
    }
}

#[test]
fn a_peer_that_holds_up_a_sync_is_disconnected_within_seconds() {
    let params = ChainParams::regtest();
    let mut d = Driver::new(params.clone());
    let chain = chain_on(&params, &params.genesis_block(), 0, 600);
    let (staller, honest) = (d.ready_peer(1), d.ready_peer(2));
    d.receive(staller, &headers(&chain));
    d.receive(honest, &headers(&chain));
    let mut seen = 0;
    deliver(&mut d, honest, &chain, &mut seen);
    assert_eq!((d.height(), d.disconnects.len()), (0, 0), "the lowest blocks are due from it");
    // One of them does not make up for the others.
    d.receive(staller, &Message::Block(Box::new(chain[0].clone())));
    for _ in 0..3 {
        d.pass(2_000);
        d.receive(staller, &Message::Block(Box::new(chain[0].clone())));
        deliver(&mut d, honest, &chain, &mut seen);
    }
    assert_eq!(d.height(), 600);
    assert_eq!(d.disconnects, [(staller, Goodbye::Stalled)]);
}

#[test]
fn at_the_end_of_a_sync_the_slowest_peer_is_bypassed_but_kept() {
    let params = ChainParams::regtest();
    let mut d = Driver::new(params.clone());
    let chain = chain_on(&params, &params.genesis_block(), 0, 60);
    let (slow, honest) = (d.ready_peer(1), d.ready_peer(2));
    d.receive(slow, &headers(&chain));
    d.receive(honest, &headers(&chain));
    let mut seen = 0;
    for _ in 0..3 {
        deliver(&mut d, honest, &chain, &mut seen);
        d.pass(2_000);
    }
    assert_eq!(d.height(), 60);
    assert_eq!(d.disconnects, []);
}

#[test]
fn unrequested_blocks_do_not_keep_a_stalling_peer_connected() {
    let (mut d, params, genesis) = driver();
    let chain = chain_on(&params, &genesis, 0, 2 * MAX_BLOCKS_REQUESTED);
    let staller = d.ready_peer(1);
    d.receive(staller, &headers(&chain));
    for _ in 0..30 {
        d.receive(staller, &Message::Block(Box::new(chain[20].clone())));
        d.pass(1_000);
    }
    assert_eq!(d.disconnects, [(staller, Goodbye::Stalled)]);
}

#[test]
fn withheld_blocks_stop_mining_and_gossip_only_briefly() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let honest = d.ready_peer(2);
    d.pass(5_000);
    assert!(d.job.is_some());
    let secret = chain_on(&params, &genesis, 0, 5);
    let withholder = d.ready_peer(1);
    d.receive(withholder, &headers(&secret));
    d.pass(50_000);
    assert_eq!(d.job, None, "as while syncing");
    assert_eq!(d.disconnects, [(withholder, Goodbye::Stalled)]);
    d.receive(honest, &Message::GetAddresses);
    d.pass(15_000);
    assert_eq!(d.job.unwrap().header.previous, genesis.id());
    // Payments are requested, and blocks announced.
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    d.receive(honest, &Message::Inv(vec![payment.txid()]));
    assert_eq!(d.sent_to(honest).last(), Some(&&Message::GetPayments(vec![payment.txid()])));
    let block = block_on(&params, &genesis, 1, vec![]);
    d.submit_block(block.clone());
    assert_eq!(d.sent_to(honest).last(), Some(&&headers(&[block])));
}

#[test]
fn a_peer_with_headers_only_does_not_block_others_blocks() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let honest = d.ready_peer(2);
    let secret = chain_on(&params, &genesis, 0, 12);
    // Every 15 seconds the header chain grows by one.
    for n in 0..5 {
        let withholder = d.ready_peer(10 + n);
        d.receive(withholder, &headers(&secret[..5 + n as usize]));
        d.pass(15_000);
        d.receive(honest, &Message::GetHeaders { locator: vec![] });
    }
    assert_eq!(d.job.map(|job| job.header.previous), Some(genesis.id()), "mining continues");
    let block = block_on(&params, &genesis, 7, vec![]);
    d.receive(honest, &headers(std::slice::from_ref(&block)));
    assert_eq!(d.sent_to(honest).last(), Some(&&Message::GetBlocks(vec![block.id()])));
    d.receive(honest, &Message::Block(Box::new(block.clone())));
    assert_eq!(d.tip(), block.id());
}

#[test]
fn peers_that_have_delivered_are_asked_first() {
    let params = ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() };
    let many = fedcoin_node::NodeConfig { max_inbound: 50, ..config(params.clone(), vec![]) };
    let mut d = Driver::start(many, harness::Disk::default());
    let tellers: Vec<PeerId> = (1..=30).map(|n| d.ready_peer(n)).collect();
    let honest = tellers[29];
    let own = genesis_key().public_key().address();
    let first = pay(&params, genesis_outpoint(&params), &[(own, 50)]);
    let second = pay(&params, first.outputs().next().unwrap().0, &[(address(2), 50)]);
    d.receive(honest, &Message::Inv(vec![first.txid()]));
    d.receive(honest, &Message::Payment(first));
    for teller in &tellers {
        d.receive(*teller, &Message::Inv(vec![second.txid()]));
    }
    let ask = Message::GetPayments(vec![second.txid()]);
    assert!(d.sent_to(tellers[0]).contains(&&ask) && !d.sent_to(honest).contains(&&ask));
    d.pass(40_000);
    assert!(d.sent_to(honest).contains(&&ask), "few peers are asked before it");
}

#[test]
fn a_payment_arrives_even_if_many_announcers_withhold_it() {
    let (mut d, params, _) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let (txid, ask) = (payment.txid(), Message::GetPayments(vec![payment.txid()]));
    let tellers: Vec<PeerId> = (1..=9).map(|n| d.ready_peer(n)).collect();
    for teller in &tellers {
        d.receive(*teller, &Message::Inv(vec![txid]));
    }
    let honest = *tellers.last().unwrap();
    // Some lack it, some have disconnected, the others are silent.
    d.receive(tellers[1], &Message::NotFound { blocks: vec![], payments: vec![txid] });
    d.give(fedcoin_node::Input::Disconnected { peer: tellers[2] });
    d.pass(60_000);
    assert!(d.sent_to(honest).contains(&&ask));
    d.receive(honest, &Message::Payment(payment));
    assert_eq!(d.node.mempool().len(), 1);
}

#[test]
fn a_flood_of_orphan_payments_displaces_only_its_own() {
    let (mut d, params, _) = driver();
    let own = genesis_key().public_key().address();
    let parent = pay(&params, genesis_outpoint(&params), &[(own, 50)]);
    let (output, _) = parent.outputs().next().unwrap();
    let child = pay(&params, output, &[(address(2), 50)]);
    let (honest, flooder) = (d.ready_peer(1), d.ready_peer(2));
    d.receive(honest, &Message::Payment(child));
    for n in 0..300_u32 {
        let orphan = OutPoint { txid: TxId([9; 32]), index: n };
        let orphan: Payment = pay(&params, orphan, &[(address(2), 50)]);
        d.receive(flooder, &Message::Payment(orphan));
    }
    d.submit_payment(parent);
    assert_eq!(d.node.mempool().len(), 2);
}

#[test]
fn orphans_of_short_lived_peers_do_not_displace_those_of_others() {
    let (mut d, params, _) = driver();
    let own = genesis_key().public_key().address();
    let mut chain = vec![pay(&params, genesis_outpoint(&params), &[(own, 50)])];
    for _ in 0..5 {
        let output = chain.last().unwrap().outputs().next().unwrap().0;
        chain.push(pay(&params, output, &[(own, 50)]));
    }
    let honest = d.ready_peer(1);
    chain[1..].iter().for_each(|child| d.receive(honest, &Message::Payment(child.clone())));
    for n in 0..200_u32 {
        let fleeting = d.ready_peer(u64::from(n) + 2);
        let orphan = OutPoint { txid: TxId([9; 32]), index: n };
        d.receive(fleeting, &Message::Payment(pay(&params, orphan, &[(address(2), 50)])));
        d.give(fedcoin_node::Input::Disconnected { peer: fleeting });
    }
    d.submit_payment(chain[0].clone());
    assert_eq!(d.node.mempool().len(), chain.len());
}

#[test]
fn a_mutated_body_from_another_peer_does_not_end_a_download() {
    let (mut d, params, genesis) = driver();
    let (honest, culprit) = (d.ready_peer(1), d.ready_peer(2));
    let block = block_on(&params, &genesis, 0, vec![]);
    d.receive(honest, &headers(std::slice::from_ref(&block)));
    let messages = d.sent_to(honest).len();
    let mut mutated = block.clone();
    mutated.coinbase.output.recipient = address(7);
    d.receive(culprit, &Message::Block(Box::new(mutated)));
    assert_eq!(d.disconnects, [(culprit, Goodbye::InvalidBlock)]);
    assert_eq!(d.sent_to(honest).len(), messages, "the block is already due from it");
    d.receive(honest, &Message::Block(Box::new(block.clone())));
    assert_eq!(d.tip(), block.id());
}

#[test]
fn addresses_are_requested_ever_more_rarely_while_slots_are_free() {
    let mut d = Driver::start(config(ChainParams::regtest(), vec![peer_address(2)]), harness::Disk::default());
    let (peer, silent) = (d.ready_outbound(1), d.ready_outbound(2));
    let requests = |d: &Driver, peer| d.sent_to(peer).iter().filter(|m| ***m == Message::GetAddresses).count();
    let mut times = Vec::new();
    for second in 0..3_600 {
        let before = requests(&d, peer);
        if before > times.len() {
            times.push(second);
            d.receive(peer, &Message::Addresses(vec![peer_address(3)]));
        }
        for peer in [peer, silent] {
            d.receive(peer, &Message::GetHeaders { locator: vec![] });
        }
        d.pass(1_000);
    }
    assert!((8..12).contains(&times.len()), "{times:?}");
    assert_eq!(requests(&d, silent), 1, "a silent peer is not asked again");
}

#[test]
fn requested_blocks_cannot_arrive_too_fast() {
    let (mut d, params, genesis) = driver();
    let peer = d.ready_peer(1);
    let chain = chain_on(&params, &genesis, 0, 4_000);
    chain.chunks(2_000).for_each(|part| d.receive(peer, &headers(part)));
    // All at the same moment.
    let mut missing: Vec<_> = chain.iter().collect();
    let mut seen = 0;
    while seen < d.sent.len() {
        let Message::GetBlocks(ids) = d.sent[seen].1.clone() else {
            seen += 1;
            continue;
        };
        seen += 1;
        let (requested, rest) = missing.into_iter().partition::<Vec<_>, _>(|block| ids.contains(&block.id()));
        missing = rest;
        requested.into_iter().for_each(|block| d.receive(peer, &Message::Block(Box::new(block.clone()))));
    }
    assert_eq!((d.height(), d.disconnects.len()), (4_000, 0));

    let payments = (0..12_000).map(|n| pay(&params, OutPoint { txid: TxId([9; 32]), index: n }, &[(address(2), 1)]));
    let payments: std::collections::BTreeMap<TxId, Payment> = payments.map(|p| (p.txid(), p)).collect();
    for part in payments.keys().copied().collect::<Vec<_>>().chunks(4_000) {
        d.receive(peer, &Message::Inv(part.to_vec()));
        while seen < d.sent.len() {
            seen += 1;
            let Message::GetPayments(ids) = d.sent[seen - 1].1.clone() else { continue };
            for payment in ids.iter().filter_map(|id| payments.get(id)) {
                d.receive(peer, &Message::Payment(payment.clone()));
            }
        }
    }
    assert_eq!(d.disconnects, []);
}
