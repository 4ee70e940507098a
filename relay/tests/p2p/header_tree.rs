//! Header trees with little work: they take bounded memory, and never the space that a winning branch needs (rule F5).

use super::fixture::Fixture;
use crate::common::blocks::{branch_on, chain_on};
use crate::common::chain_peer::{ChainPeer, TestChain};
use crate::common::peer::Peer;
use fedcoin_node::primitives::Block;
use fedcoin_node::wire::{Goodbye, MAX_HEADERS, Message};

/// The limit of rule F5.
const SIDE_HEADERS: usize = 50_000;
/// The length of a branch that is shorter than the node's own chain.
const BRANCH: usize = 2 * MAX_HEADERS;

/// Resident memory of a process in kilobytes.
fn resident(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Answers the node's requests with these headers until they are used up.
fn serve(peer: &mut Peer, headers: &[Block]) {
    for (n, part) in (0..).zip(headers.chunks(MAX_HEADERS)) {
        peer.send(&Message::Ping(n));
        let requests = peer.wait_for("a request for headers, or a pong", |message| match message {
            Message::GetHeaders { .. } => Some(true),
            Message::Pong(m) if m == n => Some(false),
            _ => None,
        });
        if !requests {
            return;
        }
        peer.send(&Message::Headers(part.iter().map(|block| block.header).collect()));
    }
}

#[test]
fn branches_with_less_work_take_bounded_memory_and_block_no_other() {
    let fixture = Fixture::new();
    let port = fixture.node.port;
    let own = TestChain::new(&fixture.params, &chain_on(&fixture.params, &fixture.genesis(), BRANCH + 500));
    let _peer = ChainPeer::honest(port, &own);
    fixture.node.wait_for_height(own.height().0.into());
    let tip = fixture.tip();

    // Each peer claims much work, so that the node requests its headers, but has a branch with less.
    let mut claim = own.hello();
    claim.work = claim.work * 2;
    claim.tip.0[0] ^= 1;
    let mut after_bound = None;
    let mut sent = 0;
    for n in 0..18 {
        let branch = branch_on(&fixture.params, &fixture.genesis(), BRANCH, 700 + n);
        let mut flooder = Peer::greet_as(port, fedcoin_node::wire::Hello { nonce: n, ..claim.clone() });
        serve(&mut flooder, &branch);
        assert!(flooder.is_alive());
        sent += branch.len();
        if sent >= SIDE_HEADERS && after_bound.is_none() {
            after_bound = Some(resident(fixture.node.pid()));
        }
        assert_eq!(fixture.tip(), tip);
    }
    let (before, after) = (after_bound.flatten().unwrap(), resident(fixture.node.pid()).unwrap());
    assert!(after < before + 10_000, "memory grows beyond the limit: {before} kB, {after} kB");

    // A further branch with less work gets no space, not even for its block.
    let late = branch_on(&fixture.params, &fixture.genesis(), 1, 900);
    let (status, body) = fixture.node.request("POST", "/api/v1/blocks", &serde_json::to_string(&late[0]).unwrap());
    assert!(status == 422 || status == 409 || status == 503, "{status} {body}");
    assert!(body.contains("side branches"), "{body}");

    // A branch with more work does.
    let winning = branch_on(&fixture.params, own.tip(), 2, 1_000);
    let mut peer = fixture.peer();
    peer.send(&Message::Headers(winning.iter().map(|block| block.header).collect()));
    for block in &winning {
        peer.send(&Message::Block(Box::new(block.clone())));
    }
    fixture.node.wait_for_height(u64::from(own.height().0) + 2);
    assert_eq!(fixture.tip(), winning[1].id().to_string());
}

#[test]
fn unrequested_headers_have_a_budget() {
    let fixture = Fixture::new();
    let chain = chain_on(&fixture.params, &fixture.genesis(), 1);
    fixture.submit(&chain);
    let side = branch_on(&fixture.params, &fixture.genesis(), 10_000, 300);
    let mut flooder = fixture.peer();
    let mut sent = 0;
    for part in side.chunks(MAX_HEADERS).cycle().take(20) {
        sent += usize::from(flooder.try_send(&Message::Headers(part.iter().map(|b| b.header).collect())));
    }
    assert!(sent > 1);
    assert_eq!(flooder.goodbye(), Goodbye::TooManyMessages);
}
