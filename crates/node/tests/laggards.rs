//! Dialled peers whose chain stays behind (rule W8; Bitcoin Core's p2p_outbound_eviction).
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use fedcoin_testkit::driver as harness;

use core::ops::Range;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId};
use fedcoin_node::wire::{Goodbye, Message};
use fedcoin_node::{Input, PeerId};
use harness::{Disk, Driver, chain_on, config, peer_address};

const MINUTE: u64 = 60_000;

/// A node with a chain of three blocks that has dialled a peer with genesis alone.
struct Scene {
    d: Driver,
    chain: Vec<Block>,
    peer: PeerId,
    /// Number of blocks that the peer has. It announces them only when asked.
    has: usize,
    answered: usize,
}

fn scene() -> Scene {
    let params = ChainParams::regtest();
    let mut d = Driver::start(config(params.clone(), vec![]), Disk::default());
    let chain = chain_on(&params, &params.genesis_block(), 0, 10);
    chain[..3].iter().for_each(|block| d.submit_block(block.clone()));
    let peer = d.ready_outbound(1);
    Scene { d, chain, peer, has: 0, answered: 0 }
}

impl Scene {
    /// Lets time pass while the peer answers.
    fn pass(&mut self, minutes: u64) {
        for _ in 0..6 * minutes {
            self.d.pass(MINUTE / 6);
            self.d.receive(self.peer, &Message::GetHeaders { locator: vec![] });
            let requested_after = self.requested_after();
            for last in &requested_after[self.answered..] {
                let first = self.chain.iter().position(|block| block.id() == *last).map_or(0, |i| i + 1);
                self.shows(first..self.has.max(first));
            }
            self.answered = requested_after.len();
        }
    }

    fn shows(&mut self, blocks: Range<usize>) {
        let headers = self.chain[blocks].iter().map(|block| block.header).collect();
        self.d.receive(self.peer, &Message::Headers(headers));
    }

    /// The last common block in each request for headers.
    fn requested_after(&self) -> Vec<BlockId> {
        let sent = self.d.sent_to(self.peer).into_iter();
        let locator =
            |m: &Message| if let Message::GetHeaders { locator } = m { locator.first().copied() } else { None };
        sent.filter_map(locator).collect()
    }
}

#[test]
fn a_peer_that_stays_behind_is_asked_and_then_disconnected() {
    let mut s = scene();
    s.pass(19);
    assert_eq!(s.requested_after(), []);
    s.pass(2);
    assert_eq!(s.requested_after(), [s.chain[1].id()], "from below the block that it has not shown");
    assert_eq!(s.d.disconnects, []);
    s.pass(2);
    assert_eq!(s.d.disconnects, [(s.peer, Goodbye::Stalled)]);
}

#[test]
fn a_peer_that_has_the_tip_when_asked_is_kept() {
    let mut s = scene();
    s.has = 3;
    s.pass(80);
    assert_eq!(s.d.disconnects, []);
    assert_eq!(s.requested_after().len(), 1, "without a new tip, it is not asked again");
}

#[test]
fn a_peer_that_follows_late_is_kept() {
    let mut s = scene();
    for n in 3..10 {
        s.d.submit_block(s.chain[n].clone());
        s.pass(9);
        s.shows(n - 1..n);
    }
    assert_eq!(s.d.disconnects, []);
    assert_eq!(s.requested_after(), []);
    for _ in 0..25 {
        s.pass(1);
        s.shows(7..8);
    }
    assert_eq!(s.d.disconnects, [(s.peer, Goodbye::Stalled)], "showing the same headers again does not count");
}

#[test]
fn configured_and_inbound_peers_stay() {
    let params = ChainParams::regtest();
    let mut d = Driver::start(config(params.clone(), vec![peer_address(2)]), Disk::default());
    let chain = chain_on(&params, &params.genesis_block(), 0, 3);
    chain.iter().for_each(|block| d.submit_block(block.clone()));
    let configured = d.ready_outbound(1);
    let mut s = Scene { d, chain, peer: configured, has: 0, answered: 0 };
    s.pass(60);
    assert_eq!(s.d.disconnects, []);
    s.peer = s.d.ready_peer(2);
    s.d.give(Input::Disconnected { peer: configured });
    s.pass(60);
    assert_eq!(s.d.disconnects, []);
}
