//! Gossip stays cheap and robust: compact blocks (rule W10), limits on the cost of announcements, slots for newcomers.
#![cfg(not(target_arch = "wasm32"))]

use fedcoin_testkit::driver as harness;

use fedcoin_node::consensus::{ChainParams, Retarget};
use fedcoin_node::primitives::{Block, BlockId, OutPoint, Payment, TxId};
use fedcoin_node::units::{CompactTarget, Timestamp};
use fedcoin_node::wire::{CompactBlock, Goodbye, Hello, MAX_HEADERS, MAX_INV, Message};
use fedcoin_node::{Direction, Input, PeerId};
use harness::*;

fn regtest() -> ChainParams {
    // No maturity, so that the genesis output can be spent at once.
    ChainParams { coinbase_maturity: 0, ..ChainParams::regtest() }
}

fn headers(block: &Block) -> Message {
    Message::Headers(vec![block.header])
}

/// A node with a peer, whose chain has six coins; a block that spends five of them, and its payments.
struct Scene {
    d: Driver,
    peer: PeerId,
    block: Block,
    payments: Vec<Payment>,
    sixth: Payment,
}

fn scene() -> Scene {
    let params = regtest();
    let own = genesis_key().public_key().address();
    let split = pay(&params, genesis_outpoint(&params), &[(own, 5); 6]);
    let first = block_on(&params, &params.genesis_block(), 0, vec![split.clone()]);
    let coin = |index| OutPoint { txid: split.txid(), index };
    let payments: Vec<Payment> = (0..5).map(|n| pay(&params, coin(n), &[(address(2), 5)])).collect();
    let block = block_on(&params, &first, 0, payments.clone());
    let mut d = Driver::new(params.clone());
    let peer = d.ready_peer(1);
    d.submit_block(first);
    Scene { d, peer, block, payments, sixth: pay(&params, coin(5), &[(address(2), 5)]) }
}

impl Scene {
    fn submit(&mut self, places: &[usize]) {
        for place in places {
            self.d.submit_payment(self.payments[*place].clone());
        }
    }

    fn last_sent(&self) -> &Message {
        self.d.sent_to(self.peer).last().copied().expect("a message")
    }

    fn receive(&mut self, message: &Message) {
        self.d.receive(self.peer, message);
    }

    fn compact(&self) -> Message {
        Message::CompactBlock(Box::new(CompactBlock::of(&self.block, 99)))
    }
}

// ---- compact blocks ----

#[test]
fn a_block_of_known_payments_needs_only_short_ids() {
    let mut s = scene();
    s.submit(&[4, 3, 2, 1, 0]);
    let checked = s.d.verify_batches;
    s.receive(&headers(&s.block.clone()));
    assert_eq!(s.last_sent(), &Message::GetCompactBlock(s.block.id()));
    let compact = s.compact();
    assert!(compact.encode().len() < 250, "{}", compact.encode().len());
    s.receive(&compact);
    assert_eq!((s.d.tip(), s.d.verify_batches), (s.block.id(), checked));
    assert!(s.d.node.mempool().is_empty());
}

#[test]
fn missing_payments_are_requested() {
    let mut s = scene();
    s.submit(&[0, 3]);
    s.receive(&headers(&s.block.clone()));
    s.receive(&s.compact());
    let block = s.block.id();
    assert_eq!(s.last_sent(), &Message::GetBlockPayments { block, places: vec![1, 2, 4] });
    let payments = [1, 2, 4].map(|n| s.payments[n].clone()).to_vec();
    s.receive(&Message::BlockPayments { block, payments });
    assert_eq!(s.d.tip(), block);
}

#[test]
fn with_an_empty_mempool_whole_blocks_are_requested() {
    let mut s = scene();
    s.receive(&headers(&s.block.clone()));
    assert_eq!(s.last_sent(), &Message::GetBlocks(vec![s.block.id()]));
}

#[test]
fn wrong_payments_lead_to_a_request_for_the_block_and_then_a_disconnection() {
    let mut s = scene();
    s.submit(&[0, 1, 2, 3]);
    s.receive(&headers(&s.block.clone()));
    s.receive(&s.compact());
    let block = s.block.id();
    s.receive(&Message::BlockPayments { block, payments: vec![s.sixth.clone()] });
    assert_eq!(s.last_sent(), &Message::GetBlocks(vec![block]), "two payments may share a short id");
    let wrong = Block { payments: vec![s.sixth.clone()], ..s.block.clone() };
    s.receive(&Message::Block(Box::new(wrong)));
    assert_eq!(s.d.disconnects, [(s.peer, Goodbye::InvalidBlock)]);
    // The block itself stays valid.
    s.d.submit_block(s.block.clone());
    assert_eq!(s.d.tip(), block);
}

#[test]
fn a_wrong_number_of_payments_ends_the_connection() {
    let mut s = scene();
    s.submit(&[0, 1, 2, 3]);
    s.receive(&headers(&s.block.clone()));
    s.receive(&s.compact());
    s.receive(&Message::BlockPayments { block: s.block.id(), payments: vec![] });
    assert_eq!(s.d.disconnects, [(s.peer, Goodbye::UnexpectedMessage)]);
}

#[test]
fn unrequested_compact_blocks_are_ignored() {
    let mut s = scene();
    s.submit(&[0, 1, 2, 3, 4]);
    let before = s.d.tip();
    s.receive(&s.compact());
    s.receive(&Message::BlockPayments { block: s.block.id(), payments: s.payments.clone() });
    assert_eq!((s.d.tip(), s.d.disconnects.len()), (before, 0));
}

#[test]
fn a_late_compact_block_is_requested_whole_from_another_peer() {
    let mut s = scene();
    s.submit(&[0]);
    let other = s.d.ready_peer(2);
    let announcement = headers(&s.block.clone());
    s.receive(&announcement);
    s.d.receive(other, &announcement);
    let compact = Message::GetCompactBlock(s.block.id());
    assert!(
        s.d.sent_to(s.peer).contains(&&compact) != s.d.sent_to(other).contains(&&compact),
        "requested from one peer"
    );
    s.d.pass(4_500);
    let whole = Message::GetBlocks(vec![s.block.id()]);
    assert!(s.d.sent_to(s.peer).contains(&&whole) || s.d.sent_to(other).contains(&&whole));
    // The first answer arrives too late.
    let before = s.d.tip();
    s.receive(&s.compact());
    s.d.receive(other, &s.compact());
    assert_eq!(s.d.tip(), before);
}

#[test]
fn compact_blocks_and_their_payments_are_served() {
    let mut s = scene();
    s.d.submit_block(s.block.clone());
    let block = s.block.id();
    s.receive(&Message::GetCompactBlock(block));
    let Message::CompactBlock(compact) = s.last_sent().clone() else { panic!("{:?}", s.last_sent()) };
    assert_eq!(*compact, CompactBlock::of(&s.block, compact.salt));
    s.receive(&Message::GetBlockPayments { block, places: vec![0, 4] });
    let payments = vec![s.payments[0].clone(), s.payments[4].clone()];
    assert_eq!(s.last_sent(), &Message::BlockPayments { block, payments });
    let unknown = TxId([1; 32]).0;
    let unknown = fedcoin_node::primitives::BlockId(unknown);
    s.receive(&Message::GetBlockPayments { block: unknown, places: vec![0] });
    assert_eq!(s.last_sent(), &Message::NotFound { blocks: vec![unknown], payments: vec![] });
    for places in [vec![5], vec![1, 1], vec![2, 1]] {
        let other = s.d.ready_peer(u64::from(places[0]) + 10 + places.len() as u64);
        s.d.receive(other, &Message::GetBlockPayments { block, places });
        assert_eq!(s.d.disconnects.last(), Some(&(other, Goodbye::UnexpectedMessage)));
    }
}

// ---- what a peer's word costs ----

#[test]
fn payments_are_announced_to_all_but_their_announcers() {
    let mut s = scene();
    let tabs = [2, 3, 4].map(|n| s.d.ready_peer(n));
    let relay = listening(&mut s.d, 5);
    let [a, b] = [0, 1].map(|n| s.payments[n].clone());
    s.receive(&Message::Inv(vec![a.txid()]));
    s.receive(&Message::Payment(a.clone()));
    s.d.submit_payment(b.clone());
    s.d.pass(100);
    assert_eq!(
        s.d.sent_to(relay).last(),
        Some(&&Message::Inv(vec![a.txid(), b.txid()])),
        "by id, because it has many peers"
    );
    let both = Message::Payments(vec![a, b.clone()]);
    assert!(
        tabs.iter().all(|peer| s.d.sent_to(*peer).last() == Some(&&both)),
        "whole, because a tab would request them"
    );
    assert_eq!(s.last_sent(), &Message::Payments(vec![b]));
}

/// A peer that others can dial, too.
fn listening(d: &mut Driver, peer: u64) -> PeerId {
    let id = d.connect(peer, Direction::Inbound);
    let listen = format!("ws://127.0.0.{peer}:5000/ws").parse().ok();
    d.receive(id, &Message::Hello(Hello { nonce: 1000 + peer, listen, ..d.hello() }));
    id
}

#[test]
fn payments_are_announced_soon_and_under_load_less_often() {
    let mut s = scene();
    let bundles = |s: &Scene| s.d.sent_to(s.peer).iter().filter(|m| matches!(m, Message::Payments(_))).count();
    s.d.pass(1_000);
    s.submit(&[0]);
    assert_eq!(bundles(&s), 0);
    s.d.pass(5);
    assert_eq!(bundles(&s), 1);
    for place in 1..5 {
        s.submit(&[place]);
        s.d.pass(10);
    }
    assert_eq!(bundles(&s), 1);
    s.d.pass(10);
    assert_eq!(bundles(&s), 2, "four in one message");
}

#[test]
fn unrequested_payments_are_accepted_unless_the_node_is_syncing() {
    let mut s = scene();
    let payments = s.payments.clone();
    s.receive(&Message::Payments(payments[..3].to_vec()));
    assert_eq!(s.d.node.mempool().len(), 3);
    let next = block_on(s.d.node.params(), &s.block, 0, vec![]);
    let last = block_on(s.d.node.params(), &next, 0, vec![]);
    // Three blocks that it lacks: it is syncing.
    s.receive(&Message::Headers(vec![s.block.header, next.header, last.header]));
    s.receive(&Message::Payments(payments[3..4].to_vec()));
    assert_eq!(s.d.node.mempool().len(), 3, "remembered for later");
    s.receive(&Message::Block(Box::new(s.block.clone())));
    s.receive(&Message::Block(Box::new(next)));
    s.receive(&Message::Block(Box::new(last)));
    let txid = s.sixth.txid();
    s.receive(&Message::Payments(vec![s.sixth.clone()]));
    assert!(s.d.node.mempool().contains(&txid));
}

#[test]
fn unrequested_payments_have_a_budget() {
    let mut s = scene();
    let many = Message::Payments(vec![s.payments[0].clone(); 500]);
    for _ in 0..20 {
        s.receive(&many);
    }
    assert_eq!(s.d.disconnects, []);
    s.receive(&many);
    assert_eq!(s.d.disconnects, [(s.peer, Goodbye::TooManyMessages)]);
}

#[test]
fn peers_that_deliver_no_payments_are_asked_for_fewer() {
    let mut s = scene();
    let id = |n: u64| {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        TxId(bytes)
    };
    let requested = |s: &Scene| -> usize {
        let sent = s.d.sent_to(s.peer).into_iter();
        sent.map(|m| if let Message::GetPayments(ids) = m { ids.len() } else { 0 }).sum()
    };
    for round in 0..20 {
        s.receive(&Message::Inv((0..MAX_INV as u64).map(|n| id(round * 10_000 + n)).collect()));
        s.d.pass(6_500);
        s.d.receive(s.peer, &Message::Ping(round));
    }
    let all = requested(&s);
    assert!((1_000..1_500).contains(&all), "requested {all} of 100,000");
}

#[test]
fn unrequested_headers_have_a_budget() {
    let mut s = scene();
    let flood = Message::Headers(vec![s.d.node.params().genesis_block().header; MAX_HEADERS]);
    s.receive(&flood);
    s.receive(&flood);
    assert!(s.d.disconnects.is_empty());
    s.receive(&flood);
    assert_eq!(s.d.disconnects, [(s.peer, Goodbye::TooManyMessages)]);
}

#[test]
fn fast_tips_are_announced_within_a_peers_budget() {
    let params = regtest();
    let mut d = Driver::new(params.clone());
    let peer = d.ready_peer(1);
    // Two seconds of 500 blocks each: a test network mines this fast.
    let blocks = chain_on(&params, &params.genesis_block(), 0, 1_000);
    let last = blocks[999].id();
    let lengths = |d: &Driver| -> Vec<usize> {
        let headers = |m: &Message| if let Message::Headers(headers) = m { Some(headers.len()) } else { None };
        d.sent_to(peer).into_iter().filter_map(headers).collect()
    };
    for (n, block) in blocks.into_iter().enumerate() {
        d.submit_block(block);
        d.pass(2);
        if n == 9 {
            assert_eq!(lengths(&d), [1; 10], "a few are announced at once");
        }
    }
    d.pass(1_000);
    // A peer may send 200 headers per second in the long run.
    let headers: usize = lengths(&d).iter().sum();
    assert!((50..=600).contains(&headers), "announced {headers}");
    let Some(Message::Headers(newest)) = d.sent_to(peer).last().copied() else { panic!("not announced") };
    assert_eq!(newest.last().map(|header| header.id()), Some(last), "the last tip is announced");
}

#[test]
fn repeated_answers_with_the_same_headers_end_the_requests() {
    let params = regtest();
    let mut d = Driver::new(params.clone());
    let blocks = chain_on(&params, &params.genesis_block(), 0, MAX_HEADERS);
    let peer = d.connect(1, Direction::Inbound);
    d.receive(peer, &Message::Hello(Hello { tip: blocks[9].id(), ..d.hello() }));
    let answer = Message::Headers(blocks.iter().map(|b| b.header).collect());
    for _ in 0..5 {
        d.receive(peer, &answer);
    }
    let requests = d.sent_to(peer).into_iter().filter(|m| matches!(m, Message::GetHeaders { .. })).count();
    assert_eq!(requests, 2, "the first request, and one for the headers that follow");
}

#[test]
fn an_orphan_without_work_is_not_kept() {
    let params = ChainParams { target: CompactTarget(0x1f0f_ffff), ..regtest() };
    let mut d = Driver::new(params.clone());
    let blocks = chain_on(&params, &params.genesis_block(), 0, 2);
    let mut unsolved = blocks[1].clone();
    unsolved.header.nonce += 1;
    let mut easy = blocks[1].clone();
    easy.header.target = CompactTarget(0x207f_ffff);
    solve(&mut easy);
    for bad in [unsolved, easy] {
        d.submit_block(bad);
        assert_eq!(d.node.status().orphans, 0);
    }
    d.submit_block(blocks[1].clone());
    assert_eq!(d.node.status().orphans, 1);
}

#[test]
fn an_overdue_orphan_is_kept_though_it_was_easy() {
    let params = ChainParams { retarget: Retarget::EachBlock, ..regtest() };
    let mut d = Driver::new(params.clone());
    d.now.wall = Timestamp(1_000);
    let tip = d.submit_quick_blocks(30);
    assert_eq!(d.height(), 30);
    let easy_orphan = |time| {
        let mut block = block_on(&params, &tip, 1, vec![]);
        (block.header.previous, block.header.time) = (BlockId([1; 32]), Timestamp(time));
        solve(&mut block);
        block
    };
    // A header from the future does not ease the target (rule H6).
    for time in [1_000, 121_000, 1_000_000] {
        d.submit_block(easy_orphan(time));
        assert_eq!(d.node.status().orphans, 0, "{time}");
    }
    d.now.wall = Timestamp(1_000_000);
    d.submit_block(easy_orphan(1_000_000));
    assert_eq!(d.node.status().orphans, 1);
}

// ---- places ----

#[test]
fn a_newcomer_from_elsewhere_replaces_a_peer_of_the_largest_group() {
    let mut d = Driver::new(regtest());
    for peer in 0..10 {
        d.ready_peer(peer);
    }
    let neighbour = d.connect(10, Direction::Inbound);
    assert_eq!(d.disconnects, [(neighbour, Goodbye::TooManyPeers)]);
    let stranger = PeerId(11);
    let address = "203.0.113.1:5000".parse().unwrap();
    d.give(Input::Connected { peer: stranger, direction: Direction::Inbound, address });
    d.receive(stranger, &Message::Hello(Hello { nonce: 5_000, ..d.hello() }));
    assert_eq!(d.disconnects[1..], [(PeerId(9), Goodbye::TooManyPeers)], "the youngest is evicted");
    assert!(d.node.status().peers.iter().any(|p| p.peer == stranger));
    assert_eq!(d.node.status().peers.len(), 10);
}

#[test]
fn a_banned_host_takes_no_scarce_slot_and_may_use_free_ones() {
    let mut d = Driver::new(regtest());
    let mut next = 0;
    let mut connect = |d: &mut Driver, host: &str| {
        next += 1;
        let (peer, address) = (PeerId(next), format!("{host}:5000").parse().unwrap());
        d.give(Input::Connected { peer, direction: Direction::Inbound, address });
        peer
    };
    let greet = |d: &mut Driver, peer: PeerId| {
        d.receive(peer, &Message::Hello(Hello { nonce: 100 + peer.0, ..d.hello() }));
        d.node.status().peers.iter().any(|info| info.peer == peer)
    };
    let (shared, others) = ("203.0.113.1", |n: usize| format!("198.{n}.100.1"));
    let early = connect(&mut d, shared);
    assert!(greet(&mut d, early));
    let offend = |d: &mut Driver, peer: PeerId| d.receive(peer, &Message::Ping(1));
    for _ in 0..3 {
        let peer = connect(&mut d, shared);
        offend(&mut d, peer);
        assert_eq!(d.disconnects.last(), Some(&(peer, Goodbye::UnexpectedMessage)));
    }
    assert_eq!(d.node.banned_hosts(), 1);
    // However many offences, another peer at the same address finds a slot, and the existing one stays.
    let late = connect(&mut d, shared);
    assert!(greet(&mut d, late));
    for _ in 0..30 {
        let peer = connect(&mut d, shared);
        offend(&mut d, peer);
        assert_eq!(d.disconnects.last(), Some(&(peer, Goodbye::UnexpectedMessage)));
    }
    // Two of ten slots are theirs. The last one is for others.
    for n in 0..7 {
        let peer = connect(&mut d, &others(n));
        assert!(greet(&mut d, peer));
    }
    let peer = connect(&mut d, shared);
    assert_eq!(d.disconnects.last(), Some(&(peer, Goodbye::Banned)));
    let tenth = connect(&mut d, &others(7));
    assert!(greet(&mut d, tenth));
    // Then the peer that connected from there after the offences is evicted; the one from before has a slot like any
    // other.
    let eleventh = connect(&mut d, &others(8));
    assert!(greet(&mut d, eleventh));
    assert_eq!(d.disconnects.last(), Some(&(late, Goodbye::TooManyPeers)));
    let peer = connect(&mut d, &others(9));
    assert_eq!(d.disconnects.last(), Some(&(peer, Goodbye::TooManyPeers)));
    // After ten minutes without another offence, the host is no longer banned.
    d.pass(601_000);
    assert_eq!(d.node.banned_hosts(), 0);
}

#[test]
fn a_stalling_peer_is_not_dialled_again_at_once() {
    let mut d = Driver::start(config(regtest(), vec![peer_address(2)]), Disk::default());
    let peer = d.ready_outbound(1);
    let block = block_on(d.node.params(), &d.node.params().genesis_block(), 0, vec![]);
    d.receive(peer, &headers(&block));
    d.pass(26_000);
    assert_eq!(d.disconnects, [(peer, Goodbye::Stalled)]);
    let dials = d.dials.len();
    d.pass(20_000);
    assert_eq!(d.dials.len(), dials);
    d.pass(15_000);
    assert_eq!(d.dials.len(), dials + 1);
}
