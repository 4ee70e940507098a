//! A node on a slow link does not blame its peers for late blocks.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use fedcoin_testkit::driver as harness;

use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::Block;
use fedcoin_node::wire::{Goodbye, Message};
use fedcoin_node::{Input, PeerId};
use harness::{Driver, Served, chain_on};
use std::collections::{BTreeMap, VecDeque};

/// Bandwidth of the node's link in bytes per second, for all peers together.
const SPEED: u64 = 50_000;
/// Steps of the simulation in milliseconds.
const STEP: u64 = 100;

/// Peers with the same chain, which share the node's link fairly.
struct SlowLink {
    d: Driver,
    chain: Vec<Block>,
    /// The assumed size of a block in bytes, by height.
    size_of: fn(u32) -> u64,
    speed: u64,
    peers: Vec<PeerId>,
    /// A peer that sends no blocks.
    withholder: Option<PeerId>,
    /// Messages in transit from each peer, with their remaining bytes.
    coming: BTreeMap<PeerId, VecDeque<(Message, u64)>>,
    seen: usize,
    /// Bytes of requested blocks.
    requested: u64,
}

impl SlowLink {
    fn new(peers: u64, blocks: usize, size_of: fn(u32) -> u64) -> Self {
        let params = ChainParams::regtest();
        let mut d = Driver::new(params.clone());
        let mut chain = vec![params.genesis_block()];
        chain.extend(chain_on(&params, &chain[0], 2, blocks));
        let peers: Vec<PeerId> = (1..=peers).map(|n| d.ready_peer(n)).collect();
        let coming = peers.iter().map(|peer| (*peer, VecDeque::new())).collect();
        Self { d, chain, size_of, speed: SPEED, peers, withholder: None, coming, seen: 0, requested: 0 }
    }

    /// Each peer announces the block at this height and those before it.
    fn announce(&mut self, from: usize, to: usize) {
        let headers = Message::Headers(self.chain[from..=to].iter().map(|block| block.header).collect());
        for peer in self.peers.clone() {
            self.send_headers(peer, headers.clone());
        }
    }

    fn send_headers(&mut self, from: PeerId, headers: Message) {
        let bytes = headers.encode().len() as u64;
        self.send(from, headers, bytes);
    }

    fn send(&mut self, from: PeerId, message: Message, bytes: u64) {
        self.coming.get_mut(&from).unwrap().push_back((message, bytes));
    }

    /// Lets time pass.
    fn pass(&mut self, ms: u64) {
        for _ in 0..ms / STEP {
            self.answer();
            self.carry();
            self.d.pass(STEP);
        }
    }

    fn answer(&mut self) {
        if self.seen == self.d.sent.len() {
            return;
        }
        let served = Served::new(self.chain.clone());
        for (peer, message) in self.d.sent.split_off(self.seen) {
            match message {
                Message::Ping(nonce) => self.send(peer, Message::Pong(nonce), 9),
                Message::GetHeaders { locator } => {
                    self.send_headers(peer, Message::Headers(served.headers_after(&locator)));
                }
                Message::GetBlocks(ids) if self.withholder != Some(peer) => {
                    for id in ids {
                        let block = self.chain.iter().find(|block| block.id() == id).unwrap().clone();
                        let bytes = (self.size_of)(block.coinbase.height.0);
                        self.requested += bytes;
                        self.send(peer, Message::Block(Box::new(block)), bytes);
                    }
                }
                _ => {}
            }
        }
        self.seen = self.d.sent.len();
    }

    /// Transfers data for one step.
    fn carry(&mut self) {
        let gone: Vec<PeerId> = self.d.disconnects.iter().map(|(peer, _)| *peer).collect();
        self.coming.retain(|peer, _| !gone.contains(peer));
        self.peers.retain(|peer| !gone.contains(peer));
        let senders: Vec<PeerId> = self.peers.iter().copied().filter(|peer| !self.coming[peer].is_empty()).collect();
        for peer in &senders {
            let mut room = self.speed * STEP / 1_000 / senders.len() as u64;
            while let Some((_, left)) = self.coming.get_mut(peer).and_then(VecDeque::front_mut) {
                let now = room.min(*left);
                (*left, room) = (*left - now, room - now);
                if *left > 0 {
                    break;
                }
                let Some((message, _)) = self.coming.get_mut(peer).and_then(VecDeque::pop_front) else { break };
                if self.d.disconnects.iter().all(|(gone, _)| gone != peer) {
                    self.d.receive(*peer, &message);
                }
            }
        }
    }
}

#[test]
fn a_sync_over_a_slow_link_disconnects_few_peers() {
    for size_of in [|_| 200_000, |height| 100_000 + 100_000 * u64::from(height % 4)] as [fn(u32) -> u64; 2] {
        let mut link = SlowLink::new(8, 40, size_of);
        link.announce(1, 40);
        link.pass(400_000);
        assert_eq!(link.d.height(), 40);
        // Two of eight at most: at the beginning nobody knows how slow the link is, and several are requested for a block. How
        // many depends on the blocks' ids, which order the requests.
        assert!(link.d.disconnects.len() <= 2, "{:?}", link.d.disconnects);
    }
}

#[test]
fn late_blocks_on_a_slow_link_disconnect_nobody() {
    let mut link = SlowLink::new(8, 100, |_| 200_000);
    link.announce(1, 1);
    link.pass(60_000);
    // Each takes at least 4 seconds; one arrives every 10.
    let before = link.requested;
    for height in 2..=100 {
        link.announce(height, height);
        link.pass(10_000);
    }
    link.pass(20_000);
    assert_eq!((link.d.height(), link.d.disconnects.as_slice()), (100, [].as_slice()));
    // The link does not carry each of them several times.
    let times = (link.requested - before) as f64 / (99.0 * 200_000.0);
    assert!(times < 1.5, "{times}");
}

#[test]
fn a_silent_peer_is_disconnected_on_a_slow_link_too() {
    let mut link = SlowLink::new(8, 200, |_| 100_000);
    link.withholder = Some(link.peers[0]);
    link.announce(1, 200);
    link.pass(600_000);
    assert_eq!(link.d.height(), 200);
    assert_eq!(link.d.disconnects, [(PeerId(1), Goodbye::Stalled)]);
}

#[test]
fn a_node_syncs_from_three_peers_at_2_kb_per_second() {
    // As a tab sees it: whole messages only. The headers alone take four and a half minutes.
    let mut link = SlowLink::new(3, 2_000, |_| 250);
    link.speed = 2_000;
    link.announce(2_000, 2_000);
    link.pass(290_000);
    assert_eq!((link.d.node.chain().best_header().height.0, link.d.disconnects.as_slice()), (2_000, [].as_slice()));
    link.pass(400_000);
    assert_eq!(link.d.height(), 2_000);
    assert!(link.d.disconnects.len() <= 1, "{:?}", link.d.disconnects);
}

#[test]
fn messages_that_arrive_slowly_may_take_as_long_as_they_need() {
    // The largest block there may be, at 2 kB a second, from the only peer.
    let mut link = SlowLink::new(1, 1, |_| 1_000_000);
    link.speed = 2_000;
    link.announce(1, 1);
    for _ in 0..52 {
        link.pass(10_000);
        link.d.give(Input::Receiving { peer: PeerId(1) });
    }
    assert_eq!((link.d.height(), link.d.disconnects.as_slice()), (1, [].as_slice()));
    // Headers too, while another peer has answered.
    let mut link = SlowLink::new(2, 2_000, |_| 250);
    link.speed = 300;
    link.peers.truncate(1);
    link.announce(2_000, 2_000);
    let other = PeerId(2);
    link.d.receive(other, &Message::Headers(vec![link.chain[2_000].header]));
    link.pass(1_000);
    link.d.receive(other, &Message::Headers(vec![]));
    for _ in 0..60 {
        link.pass(10_000);
        link.d.give(Input::Receiving { peer: PeerId(1) });
        link.d.receive(other, &Message::Ping(1));
    }
    assert_eq!((link.d.node.chain().best_header().height.0, link.d.disconnects.as_slice()), (2_000, [].as_slice()));
}
