//! Whole networks in virtual time, with and without faults.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{check, check_agreement, settle};
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::BlockId;
use fedcoin_node::units::Height;
use fedcoin_node::{MiningPolicy, SyncStatus};
use fedcoin_sim::{Churn, Fault, SimConfig, Simulation};
use std::time::Duration;

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

/// All random faults.
fn troubled(seed: u64, params: ChainParams, nodes: usize) -> SimConfig {
    let mut config = SimConfig::new(seed, params, nodes);
    config.crash_chance = 0.000_5;
    config.losses_every = Some(Duration::from_secs(30));
    config.unknown_verdict_chance = 0.01;
    config.clock_error = Duration::from_secs(30);
    config
}

#[test]
fn fifty_nodes_agree_after_hours_of_trouble() {
    let mut config = troubled(1, ChainParams::regtest(), 50);
    config.crash_chance = 0.000_2;
    config.late = vec![(20, minutes(30)), (49, minutes(100))];
    let mut simulation = Simulation::new(config);
    simulation.schedule(minutes(40), Fault::Partition { island: (0..20).collect() });
    simulation.schedule(minutes(70), Fault::Heal);
    simulation.schedule(minutes(80), Fault::Stop { node: 3, down: minutes(5) });
    simulation.run_for(minutes(120));
    settle(&mut simulation);
    let ledger = check(&simulation);
    let statistics = simulation.statistics();
    assert!(ledger.blocks > 150, "{statistics}");
    assert!(statistics.crashes > 50 && statistics.commits_lost > 20, "{statistics}");
    assert!(statistics.deepest_reorganisation() > 3, "{statistics}");
}

#[test]
fn a_few_nodes_agree_for_every_seed() {
    (0..12).for_each(few_nodes_agree);
}

/// For a long search: `FEDCOIN_SIM_SEEDS=100..200 cargo test -p fedcoin-sim -- --ignored`.
#[test]
#[ignore = "the time depends on the number of seeds"]
fn a_few_nodes_agree_for_all_requested_seeds() {
    let seeds = std::env::var("FEDCOIN_SIM_SEEDS").unwrap_or_else(|_| "0..10".into());
    let (from, to) = seeds.split_once("..").unwrap();
    for seed in from.parse().unwrap()..to.parse().unwrap() {
        println!("seed {seed}");
        few_nodes_agree(seed);
    }
}

fn few_nodes_agree(seed: u64) {
    let mut config = troubled(seed, ChainParams::regtest(), 8);
    config.crash_chance = 0.002;
    config.spacing = Duration::from_secs(10);
    config.payments_every = Some(Duration::from_secs(4));
    let mut simulation = Simulation::new(config);
    simulation.schedule(minutes(5), Fault::Partition { island: vec![0, 3, 7] });
    simulation.schedule(minutes(12), Fault::Heal);
    simulation.run_for(minutes(20));
    settle(&mut simulation);
    check(&simulation);
}

#[test]
fn nodes_agree_under_classroom_rules_with_mining_on_demand() {
    for seed in 0..3 {
        let mut config = troubled(seed, ChainParams::classroom(), 12);
        config.policy = MiningPolicy::OnDemand;
        config.spacing = Duration::from_secs(15);
        config.payments_every = Some(Duration::from_secs(10));
        let mut simulation = Simulation::new(config);
        simulation.schedule(minutes(10), Fault::Partition { island: (0..5).collect() });
        simulation.schedule(minutes(15), Fault::Heal);
        simulation.run_for(minutes(30));
        settle(&mut simulation);
        let ledger = check(&simulation);
        assert!(ledger.blocks > 20, "{}", simulation.statistics());
        assert!(simulation.node(0).unwrap().mempool().is_empty(), "on demand, all payments are mined");
    }
}

#[test]
fn the_same_seed_makes_the_same_run() {
    let run = |seed| {
        let mut simulation = Simulation::new(troubled(seed, ChainParams::regtest(), 10));
        simulation.schedule(minutes(3), Fault::Partition { island: vec![1, 2] });
        simulation.schedule(minutes(6), Fault::Heal);
        simulation.run_for(minutes(10));
        simulation.trace()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

/// A fifth of the hosts byzantine, nodes that come and go, with their disks or without, miners that
/// start and stop, a quiet time, a partition.
fn hostile(seed: u64) -> Simulation {
    let mut config = SimConfig::new(seed, ChainParams::regtest(), 40);
    config.byzantine = 0.2;
    config.spacing = Duration::from_secs(10);
    config.churn = Some(Churn { every: Duration::from_secs(60), away: minutes(5), fresh: 0.3 });
    config.miner_changes_every = Some(Duration::from_secs(120));
    config.losses_every = Some(Duration::from_secs(120));
    config.night = Some((minutes(35), minutes(45)));
    let mut simulation = Simulation::new(config);
    simulation.schedule(minutes(10), Fault::Partition { island: (0..15).collect() });
    simulation.schedule(minutes(25), Fault::Heal);
    simulation.run_for(minutes(60));
    simulation
}

#[test]
fn byzantine_hosts_do_no_harm() {
    let mut simulation = hostile(21);
    let trace = simulation.trace();
    settle(&mut simulation);
    let ledger = check(&simulation);
    let statistics = simulation.statistics();
    assert!(ledger.blocks > 120, "{statistics}");
    assert!(statistics.departures > 20 && statistics.wiped > 5 && statistics.recoveries.len() == 1, "{statistics}");
    let cut_off = |behaviour, reason: &str| {
        assert!(statistics.cut_off.contains_key(&(behaviour, reason.into())), "{behaviour}: {reason}\n{statistics}");
    };
    cut_off("invalid blocks", "it sent an invalid block");
    cut_off("mutated bodies", "it sent an invalid block");
    cut_off("withheld blocks", "requested data did not arrive in time");
    cut_off("stalled answers", "requested data did not arrive in time");
    cut_off("spam", "it sent an unexpected message");
    cut_off("spam", "it sent too many messages");
    assert!(statistics.propagation.percentile(90) < Duration::from_secs(5), "{statistics}");
    assert_eq!(hostile(21).trace(), trace, "the same seed makes the same run");
}

#[test]
fn after_a_partition_the_half_with_less_work_reorganises() {
    let mut simulation = Simulation::new(SimConfig::new(5, ChainParams::regtest(), 10));
    let island = vec![0, 1, 5];
    simulation.schedule(minutes(5), Fault::Partition { island: island.clone() });
    simulation.run_for(minutes(35));
    // Each half settles on its last block.
    simulation.set_mining(false);
    simulation.run_for(minutes(1));
    let [ours, theirs] = [0, 9].map(|host| simulation.node(host).unwrap().chain().tip());
    assert_ne!(ours.id, theirs.id);
    // At equal work the earlier one wins on this network (rule F2).
    let heavier = if (ours.work, theirs.time) > (theirs.work, ours.time) { ours } else { theirs };
    let fork = branches(&simulation, ours.id, theirs.id);
    assert!(fork.0 > 5 && fork.1 > 5, "{fork:?}");
    simulation.schedule(Duration::ZERO, Fault::Heal);
    assert!(simulation.run_until(minutes(3), Simulation::has_converged));
    assert_eq!(simulation.tips().into_iter().collect::<Vec<_>>(), [heavier.id]);
    let lighter = if heavier.id == ours.id { fork.1 } else { fork.0 };
    assert_eq!(simulation.statistics().deepest_reorganisation(), lighter);
    simulation.set_mining(true);
    settle(&mut simulation);
    check(&simulation);
}

/// Blocks are downloaded in windows of 256, and a move of the primary chain has at most 256.
#[test]
fn long_partitions_heal() {
    let mut config = SimConfig::new(6, ChainParams::regtest(), 4);
    (config.tabs, config.spacing, config.crash_chance) = (0, Duration::from_secs(2), 0.000_2);
    let mut simulation = Simulation::new(config);
    simulation.schedule(minutes(1), Fault::Partition { island: vec![0] });
    simulation.run_for(minutes(60));
    let [ours, theirs] = [0, 3].map(|host| simulation.node(host).unwrap().chain().tip());
    let fork = branches(&simulation, ours.id, theirs.id);
    assert!(fork.0 > 600 && fork.1 > 600, "{fork:?}");
    simulation.set_mining(false);
    simulation.schedule(Duration::ZERO, Fault::Heal);
    assert!(simulation.run_until(minutes(10), Simulation::has_converged), "{:?}", simulation.tips());
    // At equal work the earlier one wins on this network (rule F2).
    let heavier = if (ours.work, theirs.time) > (theirs.work, ours.time) { ours } else { theirs };
    assert_eq!(simulation.tips().into_iter().collect::<Vec<_>>(), [heavier.id]);
    simulation.set_mining(true);
    settle(&mut simulation);
    check_agreement(&simulation);
}

/// Number of blocks that each of two tips has and the other does not.
fn branches(simulation: &Simulation, a: BlockId, b: BlockId) -> (usize, usize) {
    let [a, b] = [a, b].map(|tip| simulation.chain_to(tip).unwrap());
    let common = a.iter().zip(&b).take_while(|(a, b)| a.id() == b.id()).count();
    (a.len() - common, b.len() - common)
}

#[test]
fn a_late_node_downloads_the_whole_chain() {
    let mut config = SimConfig::new(6, ChainParams::regtest(), 6);
    config.spacing = Duration::from_secs(2);
    config.late = vec![(5, minutes(60))];
    config.tabs = 1;
    config.miners = 5;
    let mut simulation = Simulation::new(config);
    simulation.run_for(minutes(60));
    let height = simulation.node(0).unwrap().chain().tip().height;
    assert!(height > Height(1_000), "{height}");
    let caught_up = |s: &Simulation| s.node(5).is_some_and(|node| node.chain().tip().height.next() >= height);
    assert!(simulation.run_until(Duration::from_secs(60), caught_up), "{}", simulation.statistics());
    settle(&mut simulation);
    check(&simulation);
}

#[test]
fn a_late_node_continues_after_each_crash() {
    let mut config = SimConfig::new(7, ChainParams::regtest(), 4);
    config.spacing = Duration::from_secs(3);
    config.late = vec![(3, minutes(60))];
    config.tabs = 0;
    config.miners = 3;
    let mut simulation = Simulation::new(config);
    for crash in 0..20 {
        let at = minutes(60) + Duration::from_millis(2_500 + 2_600 * crash);
        simulation.schedule(at, Fault::Crash { node: 3, down: Duration::from_millis(500) });
    }
    simulation.run_for(minutes(63));
    settle(&mut simulation);
    check(&simulation);
}

#[test]
fn wrong_clocks_are_outvoted_and_recover() {
    let mut config = SimConfig::new(8, ChainParams::regtest(), 8);
    config.miners = 8;
    let mut simulation = Simulation::new(config);
    simulation.schedule(minutes(2), Fault::SetClock { node: 1, ahead_ms: 600_000 });
    simulation.schedule(minutes(2), Fault::SetClock { node: 6, ahead_ms: -600_000 });
    simulation.run_for(minutes(30));
    // A node that is ahead dates its blocks by the others' clocks and agrees with them. A node that is behind knows it.
    let tips: Vec<_> = [0, 1, 2, 3, 4, 5, 7].map(|host| simulation.node(host).unwrap().chain().tip().height).to_vec();
    for (host, sign) in [(1, 1), (6, -1)] {
        let clock = simulation.node(host).unwrap().clock().unwrap();
        assert_eq!((clock.differs(), clock.ahead_ms.signum()), (true, sign), "{clock:?}");
    }
    assert_eq!(simulation.node(6).unwrap().sync(), SyncStatus::EarlyHeaders);
    let spread = tips.iter().max().unwrap().above(*tips.iter().min().unwrap());
    assert!(spread <= 3 && tips[0] > Height(20), "{tips:?}");
    simulation.schedule(Duration::ZERO, Fault::SetClock { node: 1, ahead_ms: 0 });
    simulation.schedule(Duration::ZERO, Fault::SetClock { node: 6, ahead_ms: 0 });
    simulation.run_for(minutes(1));
    settle(&mut simulation);
    check(&simulation);
}

#[test]
fn a_node_whose_clock_is_behind_catches_up_while_mining_rests() {
    // Blocks that come more than two minutes early are refused. In the first case waiting makes them valid, in the
    // second case setting the clock right does.
    for (ahead_ms, is_set_right) in [(-200_000, false), (-900_000, true)] {
        let mut config = SimConfig::new(13, ChainParams::regtest(), 8);
        config.miners = 3;
        config.clock_error = Duration::ZERO;
        let mut simulation = Simulation::new(config);
        simulation.schedule(minutes(2), Fault::SetClock { node: 6, ahead_ms });
        simulation.run_for(minutes(20));
        let lags = |simulation: &Simulation| {
            let tip = |host| simulation.node(host).map(|node| node.chain().tip().height);
            tip(6) < tip(0)
        };
        assert!(simulation.run_until(minutes(20), lags), "clock at {ahead_ms} ms");
        simulation.set_mining(false);
        if is_set_right {
            simulation.schedule(Duration::ZERO, Fault::SetClock { node: 6, ahead_ms: 0 });
        }
        assert!(simulation.run_until(minutes(2), Simulation::has_converged), "clock at {ahead_ms} ms");
    }
}

#[test]
fn slow_links_only_slow_nodes_down() {
    let mut config = SimConfig::new(9, ChainParams::regtest(), 12);
    config.links.latency = Duration::from_millis(400)..=Duration::from_millis(2_500);
    config.links.jitter = Duration::from_millis(1_000);
    config.links.bytes_per_second = Some(3_000);
    config.payments_every = Some(Duration::from_secs(2));
    let mut simulation = Simulation::new(config);
    simulation.run_for(minutes(30));
    settle(&mut simulation);
    check(&simulation);
    let statistics = simulation.statistics();
    assert!(statistics.reorganisations.values().sum::<u64>() > 5, "{statistics}");
}

#[test]
fn competing_tips_are_resolved_without_another_block() {
    let mut config = SimConfig::new(10, ChainParams::regtest(), 10);
    config.spacing = Duration::from_millis(1_500);
    config.payments_every = None;
    let mut simulation = Simulation::new(config);
    for round in 0..20 {
        simulation.set_mining(true);
        simulation.run_for(Duration::from_secs(30));
        simulation.set_mining(false);
        assert!(simulation.run_until(Duration::from_secs(30), Simulation::has_converged), "round {round}");
    }
    assert!(simulation.statistics().reorganisations.values().sum::<u64>() > 20, "{}", simulation.statistics());
    check(&simulation);
}

#[test]
fn stopped_nodes_say_goodbye_and_keep_everything() {
    let mut config = SimConfig::new(11, ChainParams::regtest(), 6);
    config.tabs = 0;
    let mut simulation = Simulation::new(config);
    for node in 0..6 {
        let at = minutes(5 + 2 * node as u64);
        simulation.schedule(at, Fault::Stop { node, down: Duration::from_secs(45) });
    }
    simulation.run_for(minutes(20));
    let statistics = simulation.statistics();
    assert!(statistics.goodbyes.contains_key("the node is stopping"), "{statistics}");
    assert!(!statistics.goodbyes.contains_key("it did not answer in time"), "{statistics}");
    assert_eq!(statistics.crashes, 0);
    settle(&mut simulation);
    check(&simulation);
}
