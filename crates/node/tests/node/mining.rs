//! When the node mines, and which results count.

use super::{driver, headers, regtest};
use crate::harness::*;
use fedcoin_node::consensus::{ChainParams, Retarget};
use fedcoin_node::pow::search;
use fedcoin_node::primitives::Header;
use fedcoin_node::units::{Amount, Height, Target, Timestamp};
use fedcoin_node::wire::{Goodbye, Hello, Message};
use fedcoin_node::{Command, ConnectionError, Direction, Event, Input, MiningPolicy, MiningStatus, PeerId, SyncStatus};

#[test]
fn on_demand_mining_runs_while_a_payment_waits() {
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
fn nothing_is_mined_before_peers_have_sent_headers() {
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

/// The greeting of a peer that claims more work than exists.
fn boast(d: &Driver, peer: PeerId) -> Message {
    let mut lowest = [0; 32];
    lowest[31] = 1;
    let (genesis, work) = (d.hello(), Target::from_be_bytes(lowest).work());
    let mut tip = genesis.tip;
    tip.0[0] ^= 1;
    Message::Hello(Hello { nonce: 1000 + peer.0, tip, work, height: Height(u32::MAX), ..genesis })
}

#[test]
fn claims_without_headers_do_not_stop_a_lone_miner() {
    let (mut d, ..) = driver();
    d.mine(MiningPolicy::Always);
    let job = d.job;
    for n in 1..=4 {
        let liar = d.connect(n, Direction::Inbound);
        d.receive(liar, &boast(&d, liar));
        assert_eq!((d.node.status().sync, d.job), (SyncStatus::Synced, job));
        assert!(d.sent_to(liar).iter().any(|m| matches!(m, Message::GetHeaders { .. })), "the claim may be true");
    }
    // It may be this node's link that is slow: it waits.
    d.pass(295_000);
    assert_eq!(d.disconnects, []);
    d.pass(10_000);
    assert_eq!(d.job.map(|j| j.generation), job.map(|j| j.generation));
    assert_eq!(d.disconnects.iter().map(|(_, r)| *r).collect::<Vec<_>>(), [Goodbye::Stalled; 4]);
}

#[test]
fn a_neighbour_stops_a_lone_miner_only_after_it_has_sent_headers() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let job = d.job;
    let address = peer_address(2);
    d.give(Input::Command(Command::AddPeer { address: address.clone() }));
    d.give(Input::ConnectFailed { address: address.clone(), error: ConnectionError::System("refused".into()) });
    assert_eq!((d.node.status().sync, d.job), (SyncStatus::Synced, job), "nobody is connected");
    let absent = d.node.absent_neighbours();
    assert_eq!(
        (&absent[0].address, absent[0].problem.as_ref().map(ToString::to_string).as_deref(), absent[0].failures),
        (&address, Some("refused"), 1)
    );
    assert!(absent[0].retry_ms.is_some_and(|ms| ms > 0));
    // The peer answers, and claims more than it shows.
    let peer = d.connect(1, Direction::Outbound);
    d.receive(peer, &boast(&d, peer));
    assert_eq!((d.node.status().sync, d.job, d.node.absent_neighbours()), (SyncStatus::Synced, job, vec![]));
    // Now it sends its headers: from here on the node has a neighbour.
    let block = block_on(&params, &genesis, 0, vec![]);
    d.receive(peer, &headers(std::slice::from_ref(&block)));
    d.receive(peer, &Message::Block(Box::new(block.clone())));
    assert_eq!(d.job.unwrap().header.previous, block.id());
    d.give(Input::Disconnected { peer });
    assert_eq!((d.node.status().sync, d.job), (SyncStatus::WaitingForPeers, None));
    assert_eq!(
        d.node.absent_neighbours()[0].problem.as_ref().map(ToString::to_string).as_deref(),
        Some("the connection was closed")
    );
    // The user removes it.
    d.give(Input::Command(Command::RemovePeer { address }));
    assert_eq!(d.job.unwrap().header.previous, block.id());
    assert_eq!(d.node.absent_neighbours(), []);
}

#[test]
fn a_node_whose_only_neighbour_is_itself_reports_it() {
    let mut d = Driver::start(config(regtest(), vec![peer_address(2)]), Disk::default());
    d.mine(MiningPolicy::Always);
    assert_eq!(d.node.status().sync, SyncStatus::WaitingForPeers);
    let peer = d.connect(1, Direction::Outbound);
    let Message::Hello(own) = d.sent_to(peer)[0].clone() else { panic!("no hello") };
    d.receive(peer, &Message::Hello(own));
    assert!(d.events.contains(&Event::OwnAddress { address: peer_address(2), only: true }));
    assert_eq!(
        d.node.absent_neighbours()[0].problem.as_ref().map(ToString::to_string).as_deref(),
        Some("this is the node's own address")
    );
    assert!(d.job.is_some() && d.node.status().sync == SyncStatus::Synced);
    // With a second neighbour, the node waits for that one.
    let both = vec![peer_address(2), peer_address(9)];
    let mut d = Driver::start(config(regtest(), both), Disk::default());
    let peer = d.connect(1, Direction::Outbound);
    d.receive(peer, &Message::Goodbye(Goodbye::SelfConnection));
    assert!(d.events.contains(&Event::OwnAddress { address: peer_address(2), only: false }));
    assert_eq!(d.node.status().sync, SyncStatus::WaitingForPeers);
}

#[test]
fn a_better_header_pauses_mining_until_its_block_arrives() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let peer = d.ready_peer(1);
    let block = block_on(&params, &genesis, 0, vec![]);
    let stale = d.job.unwrap();
    d.receive(peer, &headers(std::slice::from_ref(&block)));
    assert_eq!((d.node.status().mining, d.job), (MiningStatus::CheckingBlock { id: block.id() }, None));
    d.receive(peer, &Message::Block(Box::new(block.clone())));
    assert_eq!(d.job.unwrap().header.previous, block.id());
    // A late result of the old job does not count.
    let target = stale.header.target.expand().unwrap();
    let nonce = search(&stale.header, target, 1, 0..1 << 32).unwrap();
    d.give(Input::Mined { generation: stale.generation, salt: 1, time: stale.header.time, nonce });
    assert_eq!((d.height(), d.tip()), (1, block.id()));
}

#[test]
fn after_an_invalid_block_mining_resumes_where_it_was() {
    let (mut d, params, genesis) = driver();
    d.mine(MiningPolicy::Always);
    let peer = d.ready_peer(1);
    let mut bad = block_on(&params, &genesis, 0, vec![]);
    bad.coinbase.output.amount = Amount::from_fed(51);
    bad.header.commitment = bad.commitment();
    solve(&mut bad);
    d.receive(peer, &headers(&[bad.clone()]));
    assert_eq!(d.job, None);
    d.receive(peer, &Message::Block(Box::new(bad)));
    assert_eq!(d.job.unwrap().header.previous, genesis.id());
}

#[test]
fn a_header_without_work_does_not_pause_mining() {
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
fn a_withheld_block_stops_mining_only_for_a_while() {
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
fn a_running_job_takes_new_payments_at_intervals() {
    let (mut d, params, _) = driver();
    d.mine(MiningPolicy::Always);
    let first = d.job.unwrap();
    d.submit_payment(pay(&params, genesis_outpoint(&params), &[(address(2), 50)]));
    assert_eq!(d.job, Some(first), "not at once");
    d.pass(5_000);
    let second = d.job.unwrap();
    assert_ne!(second.header.commitment, first.header.commitment);
    d.pass(10_000);
    assert_eq!(d.job, Some(second));
}

#[test]
fn a_block_has_the_time_at_which_it_was_found() {
    let (mut d, ..) = driver();
    d.mine(MiningPolicy::Always);
    let job = d.job.unwrap();
    d.pass(60_000);
    assert_eq!(d.job, Some(job), "a job is not replaced to update the time");
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
    assert_eq!(job.header_at(Timestamp(0)), job.header, "a clock behind the chain's times does not count");
    found_at(&mut d, now);
    assert_eq!((d.height(), d.node.chain().tip().time), (1, now.time));
}

#[test]
fn an_overdue_block_is_found_with_the_target_of_its_time() {
    let params = ChainParams { retarget: Retarget::EachBlock, ..regtest() };
    let mut d = Driver::new(params.clone());
    d.now.wall = Timestamp(1_000);
    d.submit_quick_blocks(30);
    d.mine(MiningPolicy::Always);
    let job = d.job.unwrap();
    let work = |header: Header| header.target.expand().unwrap().work();
    assert!(work(job.header).as_f64() > 100.0, "{}", work(job.header));
    // 132 s pass, then the target doubles every 200 ms.
    d.pass(131_000);
    assert_eq!(job.header_at(d.now.wall).target, job.header.target);
    d.pass(60_000);
    assert_eq!(d.job, Some(job), "workers ease the target themselves");
    let header = job.header_at(d.now.wall);
    assert_eq!(header.target, params.target);
    let nonce = search(&header, params.target.expand().unwrap(), 1, 0..1 << 32).unwrap();
    // The same nonce under the job's own time is not a block.
    d.give(Input::Mined { generation: job.generation, salt: 1, time: Timestamp(job.header.time.0 + 1), nonce });
    assert_eq!(d.height(), 30);
    d.give(Input::Mined { generation: job.generation, salt: 1, time: header.time, nonce });
    assert_eq!((d.height(), d.node.chain().tip().target), (31, params.target));
}

#[test]
fn invalid_results_and_results_while_paused_do_not_count() {
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
