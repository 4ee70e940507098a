//! The node as a whole, driven by hand: connections, sync, blocks, payments, mining.
#![cfg(not(target_arch = "wasm32"))]

mod harness;

use fedcoin_node::chain::BlockStatus;
use fedcoin_node::consensus::{BlockError, ChainParams, HeaderError, PaymentError, TieBreak};
use fedcoin_node::mempool::PoolError;
use fedcoin_node::pow::search;
use fedcoin_node::primitives::{Block, Header, NetworkId, OutPoint, Payment, Signature, TxId};
use fedcoin_node::units::{Amount, Height, Timestamp};
use fedcoin_node::wire::{Goodbye, Hello, Message};
use fedcoin_node::{Direction, Event, Input, MiningPolicy, MiningStatus, PeerId, SubmitError, SyncStatus, Verdict};
use harness::*;

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

// ---- connections (rules W1 to W9) ----

#[test]
fn each_bad_greeting_has_its_goodbye() {
    let other_network: fn(&mut Hello) = |h| h.network = NetworkId([9; 32]);
    let other_version: fn(&mut Hello) = |h| h.version += 1;
    let cases = [(other_network, Goodbye::WrongNetwork), (other_version, Goodbye::WrongVersion)];
    for (change, reason) in cases {
        let (mut d, ..) = driver();
        let peer = d.connect(1, Direction::Inbound);
        let mut hello = d.hello();
        change(&mut hello);
        d.receive(peer, &Message::Hello(hello));
        assert_eq!(d.disconnects, [(peer, reason)]);
        assert_eq!(d.sent.last(), Some(&(peer, Message::Goodbye(reason))));
        assert!(d.node.status().peers.is_empty());
    }
}

#[test]
fn a_wrong_clock_shows_beside_those_of_the_peers() {
    let (mut d, ..) = driver();
    assert_eq!(d.node.clock_ahead_ms(), None);
    // One of three peers is wrong by itself.
    for (peer, told) in [(1, 300_000), (2, 300_000), (3, 9_000_000)] {
        let id = d.connect(peer, Direction::Inbound);
        let time = Timestamp(d.now.wall.0 + told);
        d.receive(id, &Message::Hello(Hello { nonce: 1000 + peer, time, ..d.hello() }));
    }
    assert_eq!(d.node.clock_ahead_ms(), Some(-300_000));
    d.pass(60_000);
    assert_eq!(d.node.clock_ahead_ms(), Some(-300_000), "time passes here as it does there");
    // The user sets the clock.
    d.now.wall.0 += 300_000;
    d.pass(1);
    assert_eq!(d.node.clock_ahead_ms(), Some(0));
}

#[test]
fn a_node_that_dials_itself_notices_and_stops() {
    let params = regtest();
    let mut d = Driver::start(config(params, vec![peer_address(2)]), Disk::default());
    assert_eq!(d.dials, [peer_address(2)]);
    let peer = d.connect(1, Direction::Outbound);
    let Message::Hello(own) = d.sent_to(peer)[0].clone() else { panic!("no hello") };
    d.receive(peer, &Message::Hello(own));
    assert_eq!(d.disconnects, [(peer, Goodbye::SelfConnection)]);
    d.pass(3_600_000);
    assert_eq!(d.dials.len(), 1);
}

#[test]
fn of_two_connections_between_two_nodes_both_keep_the_same_one() {
    for lower in [true, false] {
        let (mut d, ..) = driver();
        let inbound = d.connect(1, Direction::Inbound);
        let outbound = d.connect(2, Direction::Outbound);
        // The harness's node number is some large number; 0 and MAX are on either side of it.
        let hello = Hello { nonce: if lower { 0 } else { u64::MAX }, ..d.hello() };
        d.receive(inbound, &Message::Hello(hello.clone()));
        d.receive(outbound, &Message::Hello(hello));
        let kept = if lower { inbound } else { outbound };
        if lower {
            assert_eq!(d.disconnects, [], "the other side closes what this one opened");
            d.receive(outbound, &Message::Goodbye(Goodbye::Duplicate));
        }
        assert_eq!(d.node.status().peers.iter().map(|p| p.peer).collect::<Vec<_>>(), [kept]);
        assert!(d.disconnects.iter().all(|(p, r)| *p != kept && *r == Goodbye::Duplicate));
    }
}

#[test]
fn each_bad_frame_ends_the_connection() {
    let (d, ..) = driver();
    let hello = Message::Hello(d.hello()).encode();
    let mut long = hello.clone();
    long.push(0);
    for frame in [vec![], vec![99], hello[..40].to_vec(), long, vec![7; 1_200_000]] {
        let (mut d, ..) = driver();
        let peer = d.ready_peer(1);
        d.give(Input::Received { peer, bytes: frame.into() });
        assert_eq!(d.disconnects, [(peer, Goodbye::BadMessage)]);
    }
}

#[test]
fn messages_out_of_place_end_the_connection() {
    let (mut d, ..) = driver();
    let early = d.connect(1, Direction::Inbound);
    d.receive(early, &Message::Ping(1));
    let twice = d.ready_peer(2);
    d.receive(twice, &Message::Hello(d.hello()));
    assert_eq!(d.disconnects, [(early, Goodbye::UnexpectedMessage), (twice, Goodbye::UnexpectedMessage)]);
}

#[test]
fn floods_silence_and_slow_greetings_end_the_connection() {
    let (mut d, ..) = driver();
    let flood = d.ready_peer(1);
    for n in 0..30 {
        d.receive(flood, &Message::Ping(n));
    }
    assert_eq!(d.disconnects, [(flood, Goodbye::TooManyMessages)]);
    let mute = d.connect(2, Direction::Inbound);
    let silent = d.ready_peer(3);
    d.pass(16_000);
    assert_eq!(d.disconnects[1], (mute, Goodbye::HandshakeTimeout));
    d.pass(100_000);
    assert!(d.sent_to(silent).iter().any(|m| matches!(m, Message::Ping(_))));
    assert_eq!(d.disconnects[2], (silent, Goodbye::Unresponsive));
}

#[test]
fn places_are_limited() {
    let (mut d, ..) = driver();
    for peer in 0..11 {
        d.ready_peer(peer);
    }
    assert_eq!(d.disconnects.iter().map(|(_, r)| *r).collect::<Vec<_>>(), [Goodbye::TooManyPeers]);
    assert_eq!(d.node.status().peers.len(), 10);
}

#[test]
fn addresses_are_learnt_and_dialled() {
    let (mut d, ..) = driver();
    let peer = d.ready_outbound(1);
    assert!(d.sent_to(peer).contains(&&Message::GetAddresses));
    d.receive(peer, &Message::Addresses(vec![peer_address(4000), peer_address(4001)]));
    d.dials.sort();
    assert_eq!(d.dials, [peer_address(4000), peer_address(4001)]);
    d.give(Input::ConnectFailed { address: peer_address(4000), error: "refused".into() });
    assert!(d.events.iter().any(|e| matches!(e, Event::DialFailed { .. })));
    d.pass(2_000);
    assert_eq!(d.dials.len(), 3);
    d.receive(peer, &Message::Addresses(vec![peer_address(4002)]));
    assert_eq!(d.disconnects, [(peer, Goodbye::UnexpectedMessage)], "addresses that nobody asked for");
}

#[test]
fn a_page_that_came_over_https_passes_over_what_it_cannot_dial() {
    let secure = fedcoin_node::NodeConfig { secure_only: true, ..config(regtest(), vec![]) };
    let mut d = Driver::start(secure, Disk::default());
    let peer = d.ready_outbound(1);
    let relay: fedcoin_node::PeerAddress = "wss://relay.example/ws".parse().unwrap();
    d.receive(peer, &Message::Addresses(vec![peer_address(4000), relay.clone(), peer_address(4001)]));
    assert_eq!(d.dials, [relay]);
}

#[test]
fn a_node_that_has_connected_to_this_one_is_not_dialled_as_well() {
    let mut d = Driver::start(config(regtest(), vec![peer_address(3)]), Disk::default());
    assert_eq!(d.dials, [peer_address(3)]);
    let inbound = d.ready_peer(1);
    // The same node answers at the address dialled.
    let outbound = d.connect(2, Direction::Outbound);
    d.receive(outbound, &Message::Hello(Hello { nonce: 1001, ..d.hello() }));
    // It has the lower number, so that it says which is kept.
    d.receive(outbound, &Message::Goodbye(Goodbye::Duplicate));
    let kept = inbound;
    assert_eq!(d.node.status().peers.iter().map(|p| p.peer).collect::<Vec<_>>(), [kept]);
    for n in 0..20 {
        d.pass(30_000);
        d.receive(kept, &Message::Inv(vec![TxId([n; 32])]));
    }
    assert_eq!(d.dials.len(), 1, "one connection to a node is enough");
    d.give(Input::Disconnected { peer: kept });
    d.pass(3_000);
    assert_eq!(d.dials, [peer_address(3), peer_address(3)]);
}

#[test]
fn whoever_tells_another_s_number_keeps_nobody_out() {
    for nonce in [0, u64::MAX] {
        let (mut d, ..) = driver();
        let [liar, guest, dialled] = [1, 2, 3].map(PeerId);
        let hello = Message::Hello(Hello { nonce, ..d.hello() });
        d.connect(liar.0, Direction::Inbound);
        d.receive(liar, &hello);
        d.connect(guest.0, Direction::Inbound);
        d.receive(guest, &hello);
        assert_eq!(d.disconnects, [], "who of the two is the liar?");
        d.connect(dialled.0, Direction::Outbound);
        d.receive(dialled, &hello);
        assert!(d.node.status().peers.iter().any(|p| p.peer == dialled));
        assert!(d.disconnects.iter().all(|(peer, _)| *peer != dialled));
    }
}

#[test]
fn of_two_addresses_of_one_node_the_one_is_kept_where_it_says_that_it_is() {
    let (mut d, ..) = driver();
    let hello = |d: &Driver| Message::Hello(Hello { listen: Some(peer_address(8)), ..d.hello() });
    let alias = d.connect(1, Direction::Outbound);
    d.receive(alias, &hello(&d));
    let second_alias = d.connect(2, Direction::Outbound);
    d.receive(second_alias, &hello(&d));
    assert_eq!(d.disconnects, [(second_alias, Goodbye::Duplicate)]);
    let itself = d.connect(7, Direction::Outbound);
    d.receive(itself, &hello(&d));
    assert_eq!(d.disconnects[1..], [(alias, Goodbye::Duplicate)]);
    let third_alias = d.connect(3, Direction::Outbound);
    d.receive(third_alias, &hello(&d));
    assert_eq!(d.disconnects[2..], [(third_alias, Goodbye::Duplicate)]);
}

#[test]
fn to_say_that_one_is_at_an_address_does_not_keep_the_node_from_dialling_it() {
    let (mut d, ..) = driver();
    let teller = d.ready_outbound(1);
    let listens = |d: &mut Driver, id: u64, from: &str, listen: u16| {
        let (peer, address) = (PeerId(id), from.parse().unwrap());
        d.give(Input::Connected { peer, direction: Direction::Inbound, address });
        let hello = Hello { nonce: 1000 + id, listen: Some(peer_address(listen)), ..d.hello() };
        d.receive(peer, &Message::Hello(hello));
    };
    listens(&mut d, 2, "203.0.113.9:1234", 4000);
    listens(&mut d, 3, "127.0.0.1:1234", 4001);
    d.receive(teller, &Message::Addresses(vec![peer_address(4000), peer_address(4001)]));
    assert_eq!(d.dials, [peer_address(4000)], "only who connects from there may be there");
}

#[test]
fn only_silent_peers_are_pinged_often() {
    let (mut d, ..) = driver();
    let (busy, quiet) = (d.ready_peer(1), d.ready_peer(2));
    let pings = |d: &Driver, peer| {
        let nonce = |m: &&Message| if let Message::Ping(nonce) = m { Some(*nonce) } else { None };
        d.sent_to(peer).iter().filter_map(nonce).collect::<Vec<u64>>()
    };
    let mut answered = 0;
    for n in 0..10 {
        d.pass(20_000);
        d.receive(busy, &Message::Inv(vec![TxId([n; 32])]));
        for nonce in pings(&d, quiet).split_off(answered) {
            answered += 1;
            d.receive(quiet, &Message::Pong(nonce));
        }
    }
    assert_eq!(pings(&d, busy), []);
    assert!(answered >= 4, "{answered}");
    // A wrong number is no answer, and one without a question none either.
    let ping_ms = |d: &Driver, peer| d.node.status().peers.iter().find(|p| p.peer == peer).unwrap().ping_ms;
    let before = ping_ms(&d, quiet);
    assert!(before.is_some());
    d.pass(31_000);
    let asked = *pings(&d, quiet).last().unwrap();
    d.receive(busy, &Message::Pong(0));
    d.receive(quiet, &Message::Pong(asked ^ 1));
    assert_eq!((ping_ms(&d, busy), ping_ms(&d, quiet)), (None, before));
    d.receive(quiet, &Message::Pong(asked));
    assert_ne!(ping_ms(&d, quiet), before);
}

// ---- headers and blocks ----

#[test]
fn a_chain_is_fetched_headers_first() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 40);
    let peer = d.connect(1, Direction::Inbound);
    let hello = Hello { tip: blocks[39].id(), height: Height(40), work: fedcoin_node::units::Work::ZERO, ..d.hello() };
    d.receive(peer, &Message::Hello(hello));
    assert_eq!(d.node.status().sync, SyncStatus::Headers { height: Height(0) });
    assert!(matches!(d.sent_to(peer)[1], Message::GetHeaders { locator } if *locator == [genesis.id()]));
    d.receive(peer, &headers(&blocks));
    assert_eq!(d.node.status().sync, SyncStatus::Blocks { height: Height(0), target: Height(40) });
    // Answered in reverse order, sixteen at a time.
    while d.height() < 40 {
        let asked: Vec<_> = std::mem::take(&mut d.sent);
        let ids = asked.iter().flat_map(|(_, m)| if let Message::GetBlocks(ids) = m { ids.clone() } else { vec![] });
        let ids: Vec<_> = ids.collect();
        assert!(!ids.is_empty() && ids.len() <= 16);
        for id in ids.iter().rev() {
            let block = blocks.iter().find(|b| b.id() == *id).unwrap();
            d.receive(peer, &Message::Block(Box::new(block.clone())));
        }
    }
    assert_eq!((d.tip(), d.node.status().sync), (blocks[39].id(), SyncStatus::Synced));
}

#[test]
fn blocks_that_do_not_come_are_fetched_elsewhere() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 3);
    let (stalling, lacking, good) = (d.ready_peer(1), d.ready_peer(2), d.ready_peer(3));
    d.receive(stalling, &headers(&blocks));
    d.pass(30_000);
    assert_eq!(d.disconnects, [(stalling, Goodbye::Stalled)]);
    d.receive(lacking, &headers(&blocks));
    let ids = blocks.iter().map(Block::id).collect::<Vec<_>>();
    assert_eq!(d.sent_to(lacking).last(), Some(&&Message::GetBlocks(ids.clone())));
    d.receive(lacking, &Message::NotFound { blocks: ids.clone(), payments: vec![] });
    d.receive(good, &headers(&blocks));
    assert_eq!(d.sent_to(good).last(), Some(&&Message::GetBlocks(ids)));
    for block in blocks {
        d.receive(good, &Message::Block(Box::new(block)));
    }
    assert_eq!(d.height(), 3);
}

#[test]
fn an_announcement_holds_what_the_peer_lacks() {
    let (mut d, params, genesis) = driver();
    let chain = chain_on(&params, &genesis, 0, 20);
    let (peer, behind) = (d.ready_peer(1), d.ready_peer(2));
    for block in &chain[..12] {
        d.submit_block(block.clone());
    }
    // Each block was told of as it came.
    assert_eq!(d.sent_to(behind).iter().filter(|m| matches!(m, Message::Headers(h) if h.len() == 1)).count(), 12);
    d.receive(peer, &headers(&chain[12..15]));
    for block in &chain[12..16] {
        d.submit_block(block.clone());
    }
    let told: Vec<_> = d.sent_to(peer).into_iter().filter(|m| matches!(m, Message::Headers(_))).skip(12).collect();
    assert_eq!(told, [&headers(&chain[15..16])], "the peer has the blocks before");
    // A chain that wins all at once is told of from where it leaves what the peer has.
    let other = chain_on(&params, &chain[13], 9, 4);
    d.receive(peer, &headers(&other));
    for block in other.iter().rev() {
        d.submit_block(block.clone());
    }
    assert_eq!(d.sent_to(behind).last(), Some(&&headers(&other)));
}

#[test]
fn a_block_that_its_teller_withholds_is_asked_of_another() {
    let (mut d, params, genesis) = driver();
    let chain = chain_on(&params, &genesis, 0, 3);
    let (withholder, honest) = (d.ready_peer(1), d.ready_peer(2));
    for (n, block) in chain.iter().enumerate() {
        let told = headers(core::slice::from_ref(block));
        d.receive(withholder, &told);
        d.receive(honest, &told);
        let ask = Message::GetBlocks(vec![block.id()]);
        assert!(d.sent_to(withholder).contains(&&ask) != d.sent_to(honest).contains(&&ask), "asked of one");
        d.pass(4_500);
        assert!(d.sent_to(honest).contains(&&ask));
        assert_eq!(d.disconnects.len(), usize::from(n == 2), "the third time is once too often");
        d.receive(honest, &Message::Block(Box::new(block.clone())));
        assert_eq!(d.tip(), block.id());
    }
    assert_eq!(d.disconnects, [(withholder, Goodbye::Stalled)]);
}

#[test]
fn who_withholds_a_block_does_not_silence_the_node() {
    let (mut d, params, genesis) = driver();
    let (withholder, peer) = (d.ready_peer(1), d.ready_peer(2));
    let mut early = block_on(&params, &genesis, 0, vec![]);
    early.header.time.0 -= 500;
    solve(&mut early);
    d.receive(withholder, &headers(&[early]));
    let block = block_on(&params, &genesis, 1, vec![]);
    d.submit_block(block.clone());
    assert_eq!(d.tip(), block.id());
    assert!(d.sent_to(peer).contains(&&headers(&[block])), "the best block that is here is told of");
}

#[test]
fn an_announcement_with_unknown_parents_asks_for_them() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 3);
    let peer = d.ready_peer(1);
    d.receive(peer, &headers(&blocks[2..]));
    assert!(matches!(d.sent_to(peer).last(), Some(Message::GetHeaders { .. })));
    // Another announcement may cross the answer: no harm, but it is no answer.
    d.receive(peer, &headers(&blocks[2..]));
    assert!(d.disconnects.is_empty());
    d.receive(peer, &headers(&blocks[..2]));
    assert!(matches!(d.sent_to(peer).last(), Some(Message::GetBlocks(_))));
    assert!(d.sent_to(peer).iter().filter(|m| matches!(m, Message::GetHeaders { .. })).count() == 2, "asked again");
    d.pass(35_000);
    assert_eq!(d.disconnects, [(peer, Goodbye::Stalled)]);
}

#[test]
fn a_long_side_chain_is_followed_to_its_end() {
    let (mut d, params, genesis) = driver();
    chain_on(&params, &genesis, 1, 2_300).into_iter().for_each(|b| d.submit_block(b));
    let side = chain_on(&params, &genesis, 2, 2_400);
    let peer = d.connect(1, Direction::Inbound);
    d.receive(peer, &Message::Hello(Hello { tip: side[2_399].id(), work: d.node.chain().tip().work, ..d.hello() }));
    d.receive(peer, &headers(&side[..2_000]));
    let Some(Message::GetHeaders { locator }) = d.sent_to(peer).last() else { panic!("no further question") };
    assert_eq!(locator[0], side[1_999].id(), "goes on where the answer ended");
    d.receive(peer, &headers(&side[2_000..]));
    assert_eq!(d.node.chain().best_header().id, side[2_399].id());
}

#[test]
fn a_peer_that_turns_us_away_is_left_alone_for_a_while() {
    let mut d = Driver::start(config(regtest(), vec![peer_address(2)]), Disk::default());
    let peer = d.connect(1, Direction::Outbound);
    d.receive(peer, &Message::Goodbye(Goodbye::WrongNetwork));
    d.pass(500_000);
    assert_eq!(d.dials.len(), 1);
    d.pass(200_000);
    assert_eq!(d.dials.len(), 2);
}

#[test]
fn payments_that_a_reorganisation_makes_impossible_leave() {
    let (mut d, params, genesis) = driver();
    d.submit_block(block_on(&params, &genesis, 0, vec![]));
    let mut own = block_on(&params, &genesis, 3, vec![]);
    own.coinbase.output.recipient = genesis_key().public_key().address();
    own.header.time = Timestamp(500);
    own.header.merkle_root = own.merkle_root();
    solve(&mut own);
    d.submit_block(own.clone());
    assert_eq!(d.tip(), own.id());
    let payment = pay(&params, own.coinbase.outpoint(), &[(address(2), 50)]);
    d.submit_payment(payment.clone());
    assert_eq!(d.node.mempool().len(), 1);
    chain_on(&params, &genesis, 7, 2).into_iter().for_each(|b| d.submit_block(b));
    assert!(d.node.mempool().is_empty());
    assert!(d.events.contains(&Event::PaymentDropped { txid: payment.txid() }));
    assert!(d.disk.snapshot().payments.is_empty());
}

#[test]
fn payments_that_build_on_returned_ones_stay() {
    let (mut d, params, genesis) = driver();
    let own = genesis_key().public_key().address();
    let parent = pay(&params, genesis_outpoint(&params), &[(own, 50)]);
    let mut first = block_on(&params, &genesis, 0, vec![parent.clone()]);
    first.header.time = Timestamp(500);
    solve(&mut first);
    d.submit_block(first);
    let child = pay(&params, OutPoint { txid: parent.txid(), index: 0 }, &[(address(2), 50)]);
    d.submit_payment(child.clone());
    assert_eq!(d.node.mempool().len(), 1);
    chain_on(&params, &genesis, 7, 2).into_iter().for_each(|b| d.submit_block(b));
    let waiting: Vec<_> = d.node.mempool().txids().collect();
    assert_eq!(waiting, [parent.txid(), child.txid()], "parents first");
    assert_eq!(d.disk.snapshot().payments.len(), 2);
}

#[test]
fn a_header_that_breaks_a_rule_ends_the_connection() {
    let (_, params, genesis) = driver();
    let good = block_on(&params, &genesis, 0, vec![]).header;
    let mut unsolved = good;
    while params.target.expand().unwrap().is_met_by(&unsolved.id().0) {
        unsolved.nonce += 1;
    }
    for bad in [unsolved, fedcoin_node::primitives::Header { version: 2, ..good }] {
        let (mut d, ..) = driver();
        let peer = d.ready_peer(1);
        d.receive(peer, &Message::Headers(vec![bad]));
        assert_eq!(d.disconnects, [(peer, Goodbye::InvalidHeader)]);
    }
}

#[test]
fn a_header_from_the_future_is_put_off_not_punished() {
    let (mut d, params, genesis) = driver();
    let mut block = block_on(&params, &genesis, 0, vec![]);
    block.header.time = Timestamp(d.now.wall.0 + 150_000);
    solve(&mut block);
    let peer = d.ready_peer(1);
    d.receive(peer, &headers(std::slice::from_ref(&block)));
    d.submit_block(block.clone());
    assert!(d.disconnects.is_empty());
    assert!(matches!(
        d.events.last(),
        Some(Event::BlockSubmitted {
            result: Err(SubmitError::Invalid(BlockError::Header(HeaderError::TimeTooNew { .. }))),
            ..
        })
    ));
    d.pass(60_000);
    d.submit_block(block);
    assert_eq!(d.height(), 1);
}

#[test]
fn an_invalid_block_is_condemned_with_all_that_build_on_it() {
    let (mut d, params, genesis) = driver();
    let mut bad = block_on(&params, &genesis, 0, vec![]);
    bad.coinbase.output.amount = Amount::from_fed(51);
    bad.header.merkle_root = bad.merkle_root();
    solve(&mut bad);
    let child = block_on(&params, &bad, 0, vec![]);
    let peer = d.ready_peer(1);
    d.receive(peer, &headers(&[bad.clone(), child.clone()]));
    d.receive(peer, &Message::Block(Box::new(bad.clone())));
    assert_eq!((d.height(), d.node.status().sync), (0, SyncStatus::Synced));
    assert!(d.events.iter().any(|e| matches!(e, Event::BlockRejected { id, .. } if *id == bad.id())));
    d.submit_block(child.clone());
    let refused = |d: &Driver| {
        matches!(d.events.last(), Some(Event::BlockSubmitted { result: Err(SubmitError::OnInvalidBlock), .. }))
    };
    assert!(refused(&d));
    // It stays condemned after a restart.
    let mut again = d.restart(vec![]);
    again.submit_block(child);
    assert!(refused(&again));
    let other = again.ready_peer(2);
    again.receive(other, &headers(&[bad]));
    assert_eq!(again.disconnects, [(other, Goodbye::InvalidHeader)]);
}

#[test]
fn a_body_that_is_not_the_header_s_condemns_the_sender_only() {
    let (mut d, params, genesis) = driver();
    let good = block_on(&params, &genesis, 0, vec![]);
    let mut mutated = good.clone();
    mutated.coinbase.output.recipient = address(66);
    let peer = d.ready_peer(1);
    d.receive(peer, &headers(std::slice::from_ref(&good)));
    d.receive(peer, &Message::Block(Box::new(mutated)));
    assert_eq!(d.disconnects, [(peer, Goodbye::InvalidBlock)]);
    d.submit_block(good);
    assert_eq!(d.height(), 1);
}

#[test]
fn a_block_that_may_never_count_takes_no_place() {
    let (mut d, params, genesis) = driver();
    let own = chain_on(&params, &genesis, 0, 3);
    own.iter().for_each(|block| d.submit_block(block.clone()));
    let side = chain_on(&params, &genesis, 5, 4);
    let peer = d.ready_peer(1);
    let give = |d: &mut Driver, block: &Block| d.receive(peer, &Message::Block(Box::new(block.clone())));
    let status = |d: &Driver, n: usize| d.node.chain().block_info(&side[n].id()).map(|info| info.status);
    // One comes before its parent.
    for n in [1, 0, 1] {
        give(&mut d, &side[n]);
    }
    assert_eq!([0, 1].map(|n| status(&d, n)), [Some(BlockStatus::HeaderOnly); 2]);
    assert_eq!((d.disconnects.len(), d.tip()), (0, own[2].id()));
    // When the branch has more work, its blocks are asked for.
    d.receive(peer, &headers(&side));
    let asked: Vec<_> = side.iter().map(Block::id).collect();
    assert_eq!(d.sent_to(peer).last(), Some(&&Message::GetBlocks(asked)));
    side.iter().for_each(|block| give(&mut d, block));
    assert_eq!(d.tip(), side[3].id());
}

#[test]
fn orphans_wait_for_their_parents() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 4);
    for block in blocks[1..].iter().rev() {
        d.submit_block(block.clone());
        assert!(matches!(d.events.last(), Some(Event::BlockSubmitted { result: Err(SubmitError::Orphan { .. }), .. })));
    }
    assert_eq!((d.height(), d.node.status().orphans), (0, 3));
    d.submit_block(blocks[0].clone());
    assert_eq!((d.height(), d.node.status().orphans), (4, 0));
}

#[test]
fn the_chain_with_more_work_wins_and_payments_return() {
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let mut first = block_on(&params, &genesis, 0, vec![payment.clone()]);
    // Earlier than its rival, so that the tie is its.
    first.header.time = Timestamp(500);
    solve(&mut first);
    d.submit_payment(payment.clone());
    d.submit_block(first.clone());
    assert_eq!(d.node.mempool().len(), 0);
    let longer = chain_on(&params, &genesis, 7, 2);
    d.submit_block(longer[0].clone());
    d.submit_block(longer[1].clone());
    assert_eq!(d.tip(), longer[1].id());
    let moved = d.events.iter().rev().find_map(|e| match e {
        Event::TipChanged { disconnected, connected, .. } => Some((disconnected.clone(), connected.clone())),
        _ => None,
    });
    assert_eq!(moved, Some((vec![first.id()], vec![longer[0].id(), longer[1].id()])));
    assert!(d.node.mempool().contains(&payment.txid()));
    assert_eq!(d.node.status().side_blocks, 1);
    assert_eq!(d.disk.snapshot().payments, [payment]);
}

#[test]
fn at_equal_work_the_earlier_time_wins_whatever_came_first() {
    let (_, params, genesis) = driver();
    let mut early = block_on(&params, &genesis, 1, vec![]);
    early.header.time = Timestamp(500);
    solve(&mut early);
    let late = block_on(&params, &genesis, 2, vec![]);
    for order in [[&early, &late], [&late, &early]] {
        let (mut d, ..) = driver();
        order.into_iter().for_each(|b| d.submit_block(b.clone()));
        assert_eq!(d.tip(), early.id());
    }
}

#[test]
fn at_equal_work_the_lower_id_wins_where_the_network_says_so() {
    let params = ChainParams { tie_break: TieBreak::LowerId, ..ChainParams::regtest() };
    let genesis = params.genesis_block();
    for salt in 1..20 {
        let mut early = block_on(&params, &genesis, salt, vec![]);
        early.header.time = Timestamp(500);
        solve(&mut early);
        let late = block_on(&params, &genesis, 100 + salt, vec![]);
        let lower = early.id().min(late.id());
        for order in [[&early, &late], [&late, &early]] {
            let mut d = Driver::new(params.clone());
            order.into_iter().for_each(|b| d.submit_block(b.clone()));
            assert_eq!(d.tip(), lower, "salt {salt}");
        }
    }
}

#[test]
fn a_deep_reorganisation_loads_what_is_not_in_memory() {
    let (mut d, params, genesis) = driver();
    let old = chain_on(&params, &genesis, 1, 60);
    old.iter().for_each(|b| d.submit_block(b.clone()));
    let new = chain_on(&params, &genesis, 2, 61);
    new[..60].iter().for_each(|b| d.submit_block(b.clone()));
    let stayed = if d.tip() == old[59].id() { &old } else { &new };
    assert_eq!(d.tip(), stayed[59].id());
    let mut d = d.restart(vec![]);
    d.submit_block(new[60].clone());
    assert_eq!(d.tip(), new[60].id());
    assert!(d.loads > 1 || stayed[0] == new[0], "blocks are loaded in portions");
    let fresh = {
        let mut fresh = Driver::new(params);
        new.iter().for_each(|b| fresh.submit_block(b.clone()));
        fresh.node.chain().utxos().state_hash()
    };
    assert_eq!(d.node.chain().utxos().state_hash(), fresh);
}

#[test]
fn a_signature_that_could_not_be_checked_is_checked_again() {
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    d.verdict = Some(Verdict::Unknown);
    d.submit_block(block_on(&params, &genesis, 0, vec![payment]));
    assert_eq!((d.height(), d.verify_batches), (1, 2));
}

#[test]
fn known_payments_cost_no_second_signature_check() {
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    d.submit_payment(payment.clone());
    assert_eq!(d.verify_batches, 1);
    d.submit_block(block_on(&params, &genesis, 0, vec![payment.clone()]));
    assert_eq!((d.height(), d.verify_batches), (1, 1));
    // The same payment under another signature is another matter.
    let (mut d, ..) = driver();
    d.submit_payment(payment.clone());
    let forged = fedcoin_node::primitives::Payment { signature: Signature::from_bytes([1; 64]), ..payment };
    d.submit_block(block_on(&params, &genesis, 0, vec![forged]));
    assert_eq!((d.height(), d.verify_batches), (0, 2));
    let rejected = d.events.iter().any(|e| {
        let bad = |error: &BlockError| *error == BlockError::Payment { index: 0, error: PaymentError::BadSignature };
        matches!(e, Event::BlockRejected { error, .. } if bad(error))
    });
    assert!(rejected);
}

#[test]
fn a_peer_is_as_high_as_the_blocks_it_was_given() {
    let (mut d, params, genesis) = driver();
    let peer = d.ready_peer(1);
    let block = block_on(&params, &genesis, 0, vec![]);
    d.submit_block(block.clone());
    assert_eq!(d.node.status().peers[0].height, Height(0));
    d.receive(peer, &Message::GetBlocks(vec![block.id()]));
    assert_eq!(d.node.status().peers[0].height, Height(1));
}

#[test]
fn blocks_are_served_from_memory_and_from_disk() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 3);
    blocks.iter().for_each(|b| d.submit_block(b.clone()));
    let mut d = d.restart(vec![]);
    let peer = d.ready_peer(1);
    let unknown = fedcoin_node::primitives::BlockId([1; 32]);
    d.receive(peer, &Message::GetBlocks(vec![blocks[1].id(), unknown, genesis.id()]));
    let sent = d.sent_to(peer);
    assert!(sent.contains(&&Message::Block(Box::new(blocks[1].clone()))));
    assert!(sent.contains(&&Message::Block(Box::new(genesis))));
    assert!(sent.contains(&&Message::NotFound { blocks: vec![unknown], payments: vec![] }));
    d.receive(peer, &Message::GetHeaders { locator: vec![unknown, blocks[0].id()] });
    assert_eq!(d.sent_to(peer).last(), Some(&&headers(&blocks[1..])));
}

// ---- payments ----

#[test]
fn payments_are_announced_asked_for_and_passed_on() {
    let (mut d, params, _) = driver();
    let (from, to) = (d.ready_peer(1), d.ready_peer(2));
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let txid = payment.txid();
    d.receive(from, &Message::Inv(vec![txid]));
    d.receive(to, &Message::Inv(vec![txid]));
    assert_eq!(d.sent_to(from).last(), Some(&&Message::GetPayments(vec![txid])));
    assert!(!d.sent_to(to).contains(&&Message::GetPayments(vec![txid])), "asked for once");
    d.receive(from, &Message::Payment(payment.clone()));
    let third = d.ready_peer(3);
    d.pass(100);
    assert!(d.sent_to(third).contains(&&Message::Inv(vec![txid])), "a new peer learns of the mempool");
    assert!(!d.sent_to(from).contains(&&Message::Inv(vec![txid])), "who told of it is not told");
    d.receive(third, &Message::GetPayments(vec![txid]));
    assert_eq!(d.sent_to(third).last(), Some(&&Message::Payment(payment)));
}

#[test]
fn a_payment_that_its_teller_withholds_is_asked_of_another() {
    let (mut d, params, _) = driver();
    let (withholder, honest, liar) = (d.ready_peer(1), d.ready_peer(2), d.ready_peer(3));
    let txid = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]).txid();
    for peer in [withholder, honest, liar] {
        d.receive(peer, &Message::Inv(vec![txid]));
    }
    let ask = Message::GetPayments(vec![txid]);
    assert!(d.sent_to(withholder).contains(&&ask) && !d.sent_to(liar).contains(&&ask));
    d.pass(6_500);
    assert_eq!(d.sent_to(liar).last(), Some(&&ask));
    d.receive(liar, &Message::NotFound { blocks: vec![], payments: vec![txid] });
    assert_eq!(d.sent_to(honest).last(), Some(&&ask));
}

#[test]
fn a_payment_with_a_forged_signature_is_asked_of_another() {
    let (mut d, params, _) = driver();
    let (forger, honest) = (d.ready_peer(1), d.ready_peer(2));
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let other = pay(&params, genesis_outpoint(&params), &[(address(3), 50)]);
    let told = Message::Inv(vec![payment.txid()]);
    d.receive(forger, &told);
    d.receive(honest, &told);
    d.receive(forger, &Message::Payment(Payment { signature: other.signature, ..payment.clone() }));
    assert_eq!(d.disconnects, [(forger, Goodbye::InvalidPayment)]);
    assert_eq!(d.sent_to(honest).last(), Some(&&Message::GetPayments(vec![payment.txid()])));
    d.receive(honest, &Message::Payment(payment));
    assert_eq!(d.node.mempool().len(), 1);
}

#[test]
fn a_child_that_comes_before_its_parent_waits() {
    let (mut d, params, _) = driver();
    let own = genesis_key().public_key().address();
    let parent = pay(&params, genesis_outpoint(&params), &[(own, 50)]);
    let (output, _) = parent.outputs().next().unwrap();
    let child = pay(&params, output, &[(address(2), 50)]);
    let peer = d.ready_peer(1);
    d.receive(peer, &Message::Payment(child.clone()));
    assert_eq!(d.node.mempool().len(), 0);
    assert_eq!(d.sent_to(peer).last(), Some(&&Message::GetPayments(vec![parent.txid()])));
    d.receive(peer, &Message::Payment(parent));
    assert_eq!(d.node.mempool().len(), 2);
    assert!(d.disconnects.is_empty());
}

#[test]
fn each_bad_payment_is_refused_and_only_forgers_are_cut_off() {
    let (mut d, params, _) = driver();
    let good = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    let double = pay(&params, genesis_outpoint(&params), &[(address(3), 50)]);
    let too_much = pay(&params, genesis_outpoint(&params), &[(address(3), 51)]);
    let forged = fedcoin_node::primitives::Payment { signature: Signature::from_bytes([1; 64]), ..good.clone() };
    let result = |d: &Driver| match d.events.last() {
        Some(Event::PaymentSubmitted { result, .. }) => result.clone(),
        other => panic!("{other:?}"),
    };
    d.submit_payment(too_much);
    assert!(matches!(result(&d), Err(PoolError::Invalid(PaymentError::Overspent { .. }))));
    d.submit_payment(forged.clone());
    assert_eq!(result(&d), Err(PoolError::Invalid(PaymentError::BadSignature)));
    d.submit_payment(good.clone());
    assert_eq!(result(&d), Ok(()));
    d.submit_payment(good.clone());
    assert_eq!(result(&d), Err(PoolError::Known));
    d.submit_payment(double.clone());
    assert!(matches!(result(&d), Err(PoolError::Conflict { with, .. }) if with == good.txid()));

    let (mut d, ..) = driver();
    let (honest, forger) = (d.ready_peer(1), d.ready_peer(2));
    d.receive(honest, &Message::Payment(good));
    d.receive(honest, &Message::Payment(double));
    d.receive(
        forger,
        &Message::Payment(fedcoin_node::primitives::Payment {
            unsigned: fedcoin_node::primitives::UnsignedPayment { inputs: vec![], ..forged.unsigned },
            ..forged
        }),
    );
    assert_eq!(d.disconnects, [(forger, Goodbye::InvalidPayment)]);
}

#[test]
fn the_mempool_survives_a_restart() {
    let (mut d, params, genesis) = driver();
    let payment = pay(&params, genesis_outpoint(&params), &[(address(2), 50)]);
    d.submit_payment(payment.clone());
    let mut d = d.restart(vec![]);
    assert!(d.node.mempool().contains(&payment.txid()));
    d.submit_block(block_on(&params, &genesis, 0, vec![payment]));
    assert_eq!(d.verify_batches, 0);
    assert!(d.restart(vec![]).node.mempool().is_empty());
}

// ---- mining ----

#[test]
fn on_demand_a_payment_starts_mining_and_its_block_ends_it() {
    let (mut d, params, _) = driver();
    d.mine(MiningPolicy::OnDemand);
    assert_eq!((d.node.status().mining, d.job), (MiningStatus::NothingToMine, None));
    d.submit_payment(pay(&params, genesis_outpoint(&params), &[(address(2), 50)]));
    assert!(matches!(d.node.status().mining, MiningStatus::Mining { payments: 1, height: Height(1), .. }));
    d.solve();
    assert_eq!((d.height(), d.node.status().mining, d.job), (1, MiningStatus::NothingToMine, None));
    assert!(d.events.iter().any(|e| matches!(e, Event::BlockMined { height: Height(1), payments: 1, .. })));
    assert_eq!(d.node.balance(&address(2)).confirmed, Amount::from_fed(50));
}

#[test]
fn nothing_is_mined_before_peers_are_heard() {
    let params = regtest();
    let mut d = Driver::start(config(params.clone(), vec![peer_address(2)]), Disk::default());
    d.mine(MiningPolicy::Always);
    assert_eq!((d.node.status().mining, d.job), (MiningStatus::Syncing, None));
    let peer = d.connect(1, Direction::Outbound);
    let blocks = chain_on(&params, &params.genesis_block(), 0, 20);
    d.receive(peer, &Message::Hello(Hello { tip: blocks[19].id(), ..d.hello() }));
    assert_eq!(d.node.status().mining, MiningStatus::Syncing);
    d.receive(peer, &headers(&blocks));
    assert_eq!(d.node.status().mining, MiningStatus::Syncing);
    blocks.iter().for_each(|b| d.receive(peer, &Message::Block(Box::new(b.clone()))));
    assert_eq!(d.job.unwrap().header.previous, blocks[19].id());
    d.give(Input::Disconnected { peer });
    assert_eq!((d.node.status().mining, d.job), (MiningStatus::Syncing, None));
}

#[test]
fn a_better_header_pauses_mining_at_once_and_its_block_moves_it() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let peer = d.ready_peer(1);
    let block = block_on(&params, &genesis, 0, vec![]);
    let stale = d.job.unwrap();
    d.receive(peer, &headers(std::slice::from_ref(&block)));
    assert_eq!((d.node.status().mining, d.job), (MiningStatus::CheckingBlock { id: block.id() }, None));
    d.receive(peer, &Message::Block(Box::new(block.clone())));
    assert_eq!(d.job.unwrap().header.previous, block.id());
    // A result of the old job comes late: it does not count.
    let target = stale.header.target.expand().unwrap();
    let nonce = search(&stale.header, target, 1, 0..1 << 32).unwrap();
    d.give(Input::Mined { generation: stale.generation, salt: 1, time: stale.header.time, nonce });
    assert_eq!((d.height(), d.tip()), (1, block.id()));
}

#[test]
fn a_bad_block_lets_mining_go_on_where_it_was() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let peer = d.ready_peer(1);
    let mut bad = block_on(&params, &genesis, 0, vec![]);
    bad.coinbase.output.amount = Amount::from_fed(51);
    bad.header.merkle_root = bad.merkle_root();
    solve(&mut bad);
    d.receive(peer, &headers(&[bad.clone()]));
    assert_eq!(d.job, None);
    d.receive(peer, &Message::Block(Box::new(bad)));
    assert_eq!(d.job.unwrap().header.previous, genesis.id());
}

#[test]
fn a_header_without_its_work_pauses_nobody() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let job = d.job;
    let peer = d.ready_peer(1);
    let mut header = block_on(&params, &genesis, 0, vec![]).header;
    while params.target.expand().unwrap().is_met_by(&header.id().0) {
        header.nonce += 1;
    }
    d.receive(peer, &Message::Headers(vec![header]));
    assert_eq!(d.job, job);
}

#[test]
fn a_withheld_block_stops_mining_for_a_while_only() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let peer = d.ready_peer(1);
    d.pass(60_000);
    d.receive(peer, &headers(&[block_on(&params, &genesis, 0, vec![])]));
    assert_eq!(d.job, None);
    d.pass(8_000);
    assert_eq!(d.job, None);
    d.pass(5_000);
    assert_eq!(d.job.unwrap().header.previous, genesis.id());
}

#[test]
fn a_running_job_takes_new_payments_in_at_intervals() {
    let (mut d, params, _) = driver();
    d.mine(MiningPolicy::Always);
    let first = d.job.unwrap();
    d.submit_payment(pay(&params, genesis_outpoint(&params), &[(address(2), 50)]));
    assert_eq!(d.job, Some(first), "not at once");
    d.pass(5_000);
    let second = d.job.unwrap();
    assert_ne!(second.header.merkle_root, first.header.merkle_root);
    d.pass(10_000);
    assert_eq!(d.job, Some(second));
}

#[test]
fn a_block_bears_the_time_at_which_it_was_found() {
    let (mut d, ..) = driver();
    d.mine(MiningPolicy::Always);
    let job = d.job.unwrap();
    d.pass(60_000);
    assert_eq!(d.job, Some(job), "a job is not given anew for the time's sake");
    let found_at = |d: &mut Driver, header: Header| {
        let target = header.target.expand().unwrap();
        let nonce = search(&header, target, 1, 0..1 << 32).unwrap();
        d.give(Input::Mined { generation: job.generation, salt: 1, time: header.time, nonce });
    };
    let early = Header { time: Timestamp(job.header.time.0 - 1), ..job.header };
    found_at(&mut d, early);
    assert_eq!((d.height(), d.job), (0, Some(job)), "before the job's time");
    let now = job.header_at(d.now.wall);
    assert_eq!(now.time.0, job.header.time.0 + 60_000);
    assert_eq!(job.header_at(Timestamp(0)), job.header, "a clock behind the chain's does not count");
    found_at(&mut d, now);
    assert_eq!((d.height(), d.node.chain().tip().time), (1, now.time));
}

#[test]
fn wrong_results_and_results_while_paused_do_not_count() {
    let (mut d, ..) = driver();
    d.mine(MiningPolicy::Always);
    let job = d.job.unwrap();
    let target = job.header.target.expand().unwrap();
    let wrong = (0..).find(|n| !target.is_met_by(&fedcoin_node::primitives::Header { nonce: *n, ..job.header }.id().0));
    let time = job.header.time;
    d.give(Input::Mined { generation: job.generation, salt: 0, time, nonce: wrong.unwrap() });
    d.give(Input::Mined { generation: job.generation + 1, salt: 0, time, nonce: 0 });
    assert_eq!((d.height(), d.job), (0, Some(job)));
}
