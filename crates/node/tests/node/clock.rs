//! This machine's clock compared with the peers' clocks (rules H6 and M10 to M12).
#![allow(clippy::unwrap_used, reason = "a test helper fails its test")]

use super::{headers, regtest};
use crate::harness::*;
use fedcoin_node::pow::search;
use fedcoin_node::primitives::{Block, Header};
use fedcoin_node::units::Timestamp;
use fedcoin_node::wire::{Hello, Message};
use fedcoin_node::{ClockComparison, Direction, Event, Input, MiningPolicy, MiningStatus, PeerId, SyncStatus};

const HOUR: u64 = 3_600_000;

/// A node with a configured, connected peer, whose clock is `ahead` of the node's in milliseconds.
fn beside_a_clock(ahead: i64) -> (Driver, PeerId) {
    let mut d = Driver::start(config(regtest(), vec![peer_address(2)]), Disk::default());
    d.mine(MiningPolicy::Always);
    let peer = d.connect(1, Direction::Outbound);
    let hello = hello_ahead(&d, 1, ahead);
    d.receive(peer, &hello);
    (d, peer)
}

fn hello_ahead(d: &Driver, peer: u64, ahead: i64) -> Message {
    let time = Timestamp(d.now.wall.0.saturating_add_signed(ahead));
    Message::Hello(Hello { nonce: 1000 + peer, time, ..d.hello() })
}

/// Connects an inbound peer whose clock is `ahead` in milliseconds.
fn guest_ahead(d: &mut Driver, peer: u64, ahead: i64) -> PeerId {
    let id = d.connect(peer, Direction::Inbound);
    let hello = hello_ahead(d, peer, ahead);
    d.receive(id, &hello);
    id
}

fn block_at(parent: &Block, time: u64) -> Block {
    let mut block = block_on(&regtest(), parent, 0, vec![]);
    block.header.time = Timestamp(time);
    solve(&mut block);
    block
}

fn compared(d: &Driver) -> Vec<ClockComparison> {
    let comparison = |event: &Event| if let Event::ClockCompared(clock) = event { Some(*clock) } else { None };
    d.events.iter().filter_map(comparison).collect()
}

/// A worker finds a block with this time.
fn find_at(d: &mut Driver, time: Timestamp) {
    let job = d.job.unwrap();
    let header = Header { time, ..job.header };
    let nonce = search(&header, header.target.expand().unwrap(), 1, 0..1 << 32).unwrap();
    d.give(Input::Mined { generation: job.generation, salt: 1, time, nonce });
}

#[test]
fn a_node_an_hour_behind_reports_it_and_does_not_mine() {
    let (mut d, peer) = beside_a_clock(HOUR as i64);
    assert!(d.job.is_some(), "no header has been refused yet");
    let block = block_at(&regtest().genesis_block(), d.now.wall.0 + HOUR);
    d.receive(peer, &headers(std::slice::from_ref(&block)));
    assert_eq!((d.node.status().sync, d.node.status().mining), (SyncStatus::EarlyHeaders, MiningStatus::ClockBehind));
    assert_eq!(d.job, None);
    d.pass(10_000);
    let comparison = ClockComparison { ahead_ms: -(HOUR as i64), votes: 1, counts: true };
    assert_eq!((compared(&d), d.node.clock()), (vec![comparison], Some(comparison)), "reported once");
    assert!(d.events.contains(&Event::SyncChanged(SyncStatus::EarlyHeaders)));
    assert!(
        !d.events
            .iter()
            .rev()
            .take_while(|e| **e != Event::SyncChanged(SyncStatus::EarlyHeaders))
            .any(|e| *e == Event::SyncChanged(SyncStatus::Synced))
    );

    d.now.wall.0 += HOUR;
    d.sent.clear();
    d.pass(20_000);
    assert!(d.sent_to(peer).iter().any(|m| matches!(m, Message::GetHeaders { .. })), "requested again");
    d.receive(peer, &headers(std::slice::from_ref(&block)));
    d.receive(peer, &Message::Block(Box::new(block.clone())));
    assert_eq!((d.tip(), d.node.status().sync), (block.id(), SyncStatus::Synced));
    assert_eq!(d.job.unwrap().header.previous, block.id());
    d.pass(5_000);
    assert_eq!(
        compared(&d).last().map(|c| (c.differs(), c.ahead_ms)),
        Some((false, 0)),
        "the clock is reported as right"
    );
}

#[test]
fn peers_not_chosen_only_warn_with_headers_from_the_future() {
    let mut d = Driver::new(regtest());
    d.mine(MiningPolicy::Always);
    let peers: Vec<PeerId> = (1..=5).map(|n| guest_ahead(&mut d, n, HOUR as i64)).collect();
    d.pass(5_000);
    let block = block_at(&regtest().genesis_block(), d.now.wall.0 + HOUR);
    for peer in peers {
        d.receive(peer, &headers(std::slice::from_ref(&block)));
    }
    assert_eq!(d.node.status().sync, SyncStatus::EarlyHeaders);
    assert!(d.job.is_some() && !d.node.clock().unwrap().counts);
    d.solve();
    assert_eq!(d.height(), 1);
}

#[test]
fn a_header_too_early_by_all_clocks_does_not_put_this_clock_in_doubt() {
    let (mut d, peer) = beside_a_clock(500);
    let block = block_at(&regtest().genesis_block(), d.now.wall.0 + HOUR);
    d.receive(peer, &headers(std::slice::from_ref(&block)));
    d.pass(30_000);
    assert_eq!(d.node.status().sync, SyncStatus::Synced);
    assert!(d.job.is_some() && compared(&d).is_empty());
    // The same with a clock that is behind, if the header is also too early by the peers' clocks.
    let (mut d, peer) = beside_a_clock(70_000);
    let block = block_at(&regtest().genesis_block(), d.now.wall.0 + 70_000 + 120_001);
    d.receive(peer, &headers(std::slice::from_ref(&block)));
    assert!(d.node.status().sync == SyncStatus::Synced && d.job.is_some());
    // If the clocks agree, the header is only postponed.
    for (ahead, sync) in [(60_000, SyncStatus::Synced), (60_001, SyncStatus::EarlyHeaders)] {
        let (mut d, peer) = beside_a_clock(ahead);
        let block = block_at(&regtest().genesis_block(), d.now.wall.0 + 150_000);
        d.receive(peer, &headers(std::slice::from_ref(&block)));
        assert_eq!(d.node.status().sync, sync, "{ahead}");
    }
}

#[test]
fn three_network_groups_of_dialled_peers_date_blocks() {
    let mut d = Driver::new(regtest());
    d.mine(MiningPolicy::Always);
    guest_ahead(&mut d, 9, -(HOUR as i64));
    for (id, address, lead) in
        [(1, "8.8.0.1:80", 0), (2, "8.8.9.9:80", 0), (3, "8.9.0.1:80", 0), (4, "9.9.0.1:80", HOUR)]
    {
        let peer = PeerId(id);
        d.give(Input::Connected { peer, direction: Direction::Outbound, address: address.parse().unwrap() });
        let hello = hello_ahead(&d, id, -(HOUR as i64));
        d.receive(peer, &hello);
        d.pass(5_000);
        assert_eq!(d.job.unwrap().clock_lead, lead, "{address}");
    }
}

#[test]
fn a_node_an_hour_ahead_dates_blocks_by_its_peers_clocks() {
    let (mut d, _) = beside_a_clock(-(HOUR as i64));
    let job = d.job.unwrap();
    let theirs = d.now.wall.0 - HOUR;
    assert_eq!((job.clock_lead, job.header.time.0), (HOUR, theirs));
    d.pass(30_000);
    assert_eq!(d.job, Some(job), "the job stays");
    assert_eq!(job.header_at(d.now.wall).time.0, theirs + 30_000);
    find_at(&mut d, Timestamp(theirs + 30_000 + 120_001));
    assert_eq!(d.height(), 0, "others would refuse the block");
    let time = job.header_at(d.now.wall).time;
    find_at(&mut d, time);
    assert_eq!((d.height(), d.node.chain().tip().time), (1, time));
    assert_eq!(compared(&d), [ClockComparison { ahead_ms: HOUR as i64, votes: 1, counts: true }]);
    // Clocks may differ by a minute.
    for (ahead, lead) in [(60_000, 0), (60_001, 60_000), (605_000, 600_000)] {
        assert_eq!(beside_a_clock(-ahead).0.job.unwrap().clock_lead, lead);
    }
}

#[test]
fn a_clock_jump_and_back_dates_no_block_ahead() {
    let (mut d, _) = beside_a_clock(0);
    let start = d.now.wall.0;
    d.now.wall.0 += 3 * HOUR;
    let jumped = d.job.unwrap().header_at(d.now.wall).time;
    find_at(&mut d, jumped);
    assert_eq!(d.height(), 0, "found by a worker that reads the clock before the node does");
    for _ in 0..20 {
        let time = d.job.unwrap().header_at(d.now.wall).time;
        find_at(&mut d, time);
        d.pass(1_000);
    }
    assert_eq!(d.height(), 20);
    assert!(d.node.chain().tip().time.0 <= start + 20_000);
    d.now.wall.0 -= 3 * HOUR;
    d.pass(5_000);
    let job = d.job.unwrap();
    assert_eq!((job.clock_lead, job.header.time.0 <= d.now.wall.0), (0, true));
    d.solve();
    assert_eq!(d.height(), 21);
}

#[test]
fn alone_after_a_clock_jump_a_node_reports_when_it_will_mine() {
    let mut d = Driver::new(regtest());
    d.mine(MiningPolicy::Always);
    d.now.wall.0 += 3 * HOUR;
    for _ in 0..12 {
        d.pass(1_000);
        let time = d.job.unwrap().header_at(d.now.wall).time;
        find_at(&mut d, time);
    }
    let last = d.node.chain().tip().time;
    d.now.wall.0 -= 3 * HOUR;
    d.pass(5_000);
    let until = Timestamp(last.0 - 120_000);
    assert_eq!((d.node.status().mining, d.job), (MiningStatus::ChainAhead { until }, None));
    assert!(d.events.contains(&Event::MiningChanged(MiningStatus::ChainAhead { until })));
    let wait = until.0 - d.now.wall.0;
    d.pass(wait - 6_000);
    assert_eq!(d.job, None);
    d.pass(12_000);
    d.solve();
    assert_eq!(d.height(), 13);
}

#[test]
fn a_job_from_before_a_clock_correction_is_replaced() {
    let mut d = Driver::new(regtest());
    d.now.wall.0 += 3 * HOUR;
    d.mine(MiningPolicy::Always);
    let ahead = d.job.unwrap();
    d.now.wall.0 -= 3 * HOUR;
    d.pass(5_000);
    let job = d.job.unwrap();
    assert!(job.generation > ahead.generation && job.header.time.0 <= d.now.wall.0);
    d.solve();
    assert_eq!(d.height(), 1);
}

#[test]
fn clocks_that_make_the_tip_too_early_are_ignored() {
    let (mut d, _) = beside_a_clock(-(HOUR as i64));
    d.submit_block(block_at(&regtest().genesis_block(), d.now.wall.0));
    assert_eq!(d.height(), 1);
    let job = d.job.unwrap();
    assert_eq!((job.clock_lead, job.header.time), (0, Timestamp(d.now.wall.0 + 1)));
    d.pass(5_000);
    assert_eq!(compared(&d).len(), 1, "but the difference is reported");
}
