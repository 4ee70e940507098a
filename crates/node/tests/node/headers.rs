//! Headers: header-first sync, announcements, and invalid headers.

use super::{driver, headers};
use crate::harness::*;
use fedcoin_node::consensus::{BlockError, HeaderError};
use fedcoin_node::units::{Height, Timestamp};
use fedcoin_node::wire::{Goodbye, Hello, Message};
use fedcoin_node::{Direction, Event, SubmitError, SyncStatus};

#[test]
fn a_chain_is_downloaded_headers_first() {
    let (_, params, genesis) = driver();
    let mut d = Driver::start(config(params.clone(), vec![peer_address(9)]), Disk::default());
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
        let requests: Vec<_> = std::mem::take(&mut d.sent);
        let ids = requests.iter().flat_map(|(_, m)| if let Message::GetBlocks(ids) = m { ids.clone() } else { vec![] });
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
fn an_announcement_has_the_headers_that_the_peer_lacks() {
    let (mut d, params, genesis) = driver();
    let chain = chain_on(&params, &genesis, 0, 20);
    let (peer, behind) = (d.ready_peer(1), d.ready_peer(2));
    for block in &chain[..12] {
        d.submit_block(block.clone());
    }
    // Each block was announced as it arrived.
    assert_eq!(d.sent_to(behind).iter().filter(|m| matches!(m, Message::Headers(h) if h.len() == 1)).count(), 12);
    d.receive(peer, &headers(&chain[12..15]));
    for block in &chain[12..16] {
        d.submit_block(block.clone());
    }
    let announced: Vec<_> = d.sent_to(peer).into_iter().filter(|m| matches!(m, Message::Headers(_))).skip(12).collect();
    assert_eq!(announced, [&headers(&chain[15..16])], "the peer has the earlier blocks");
    // A chain that wins at once is announced from the fork point with the peer's chain.
    let other = chain_on(&params, &chain[13], 9, 4);
    d.receive(peer, &headers(&other));
    for block in other.iter().rev() {
        d.submit_block(block.clone());
    }
    assert_eq!(d.sent_to(behind).last(), Some(&&headers(&other)));
}

#[test]
fn unknown_parents_of_an_announcement_are_requested() {
    let (mut d, params, genesis) = driver();
    let blocks = chain_on(&params, &genesis, 0, 3);
    let peer = d.ready_peer(1);
    d.receive(peer, &headers(&blocks[2..]));
    assert!(matches!(d.sent_to(peer).last(), Some(Message::GetHeaders { .. })));
    // Another announcement may cross the answer. It is harmless, but it is not the answer.
    d.receive(peer, &headers(&blocks[2..]));
    assert!(d.disconnects.is_empty());
    d.receive(peer, &headers(&blocks[..2]));
    assert!(matches!(d.sent_to(peer).last(), Some(Message::GetBlocks(_))));
    assert!(d.sent_to(peer).iter().filter(|m| matches!(m, Message::GetHeaders { .. })).count() == 2, "requested again");
    d.pass(35_000);
    assert_eq!(d.disconnects, [(peer, Goodbye::Stalled)]);
}

#[test]
fn an_invalid_header_ends_the_connection() {
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
fn a_header_from_the_future_is_postponed() {
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
