//! Measures the real miner, with its threads.

use super::percentile;
use crate::inbox::Inbox;
use crate::miner::calibration::endless_header;
use crate::miner::{KernelChoice, MinerError, Miners};
use fastrand::Rng;
use fedcoin_node::pow::{Job, Kernel};
use fedcoin_node::units::EasingTarget;
use serde::Serialize;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Time to mine before the threads are stopped, in milliseconds: long enough for all to have started.
const MINING_MS: std::ops::Range<u64> = 10..20;

/// The hash rate of several threads.
#[derive(Debug, Serialize)]
pub(super) struct MiningRate {
    pub(super) threads: usize,
    /// Hashes per second, of all threads together.
    pub(super) rate: f64,
}

/// How exactly a thread keeps to its share of a core.
#[derive(Debug, Serialize)]
pub(super) struct ShareKept {
    /// The requested share, in percent.
    pub(super) wanted: u8,
    /// Its hashes, in percent of those with a whole core.
    pub(super) kept: f64,
}

/// Time until the threads stop.
#[derive(Debug, Serialize)]
pub(super) struct Preemption {
    pub(super) threads: usize,
    pub(super) times: u64,
    /// Median time from the request until the last thread has stopped, in milliseconds.
    pub(super) p50_ms: f64,
    /// 99th percentile of that time.
    pub(super) p99_ms: f64,
}

/// The hash rate while mining for `time`.
pub(super) fn rate(kernel: Kernel, threads: usize, time: Duration) -> Result<MiningRate, MinerError> {
    Ok(MiningRate { threads, rate: hashes_per_second(kernel, threads, 100, time)? })
}

/// Mines with one thread for `time`, with each of these shares of a core, in percent, in turn with the whole core,
/// because the machine's other load changes from second to second.
pub(super) fn shares(kernel: Kernel, wanted: &[u8], time: Duration) -> Result<Vec<ShareKept>, MinerError> {
    let mut kept = Vec::new();
    for wanted in wanted.iter().copied() {
        let before = hashes_per_second(kernel, 1, 100, time / 2)?;
        let rate = hashes_per_second(kernel, 1, wanted, time)?;
        let whole = before.midpoint(hashes_per_second(kernel, 1, 100, time / 2)?);
        kept.push(ShareKept { wanted, kept: 100.0 * rate / whole });
    }
    Ok(kept)
}

fn hashes_per_second(kernel: Kernel, threads: usize, share: u8, time: Duration) -> Result<f64, MinerError> {
    let (inbox, _receiver) = Inbox::new();
    let miners = Miners::start(threads, share, 0, KernelChoice::Named(kernel), &inbox)?;
    let started = Instant::now();
    miners.mine(endless_job(1));
    sleep(time);
    miners.pause_and_wait();
    Ok(miners.hashes() as f64 / started.elapsed().as_secs_f64())
}

/// Starts and stops mining `times` times.
pub(super) fn preemption(kernel: Kernel, threads: usize, times: u64) -> Result<Preemption, MinerError> {
    let (inbox, _receiver) = Inbox::new();
    let miners = Miners::start(threads, 100, 0, KernelChoice::Named(kernel), &inbox)?;
    let mut random = Rng::with_seed(times);
    let mut latencies: Vec<_> = (1..=times)
        .map(|generation| {
            miners.mine(endless_job(generation));
            // Vary the moment, so that it does not always fall on the same point of the threads' slices.
            let micros = random.u64(..(MINING_MS.end - MINING_MS.start) * 1_000);
            sleep(Duration::from_millis(MINING_MS.start) + Duration::from_micros(micros));
            let requested = Instant::now();
            miners.pause_and_wait();
            requested.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    latencies.sort_by(f64::total_cmp);
    let [p50_ms, p99_ms] = [50, 99].map(|percent| percentile(&latencies, percent));
    Ok(Preemption { threads, times, p50_ms, p99_ms })
}

fn endless_job(generation: u64) -> Job {
    let header = endless_header();
    Job { generation, header, target: EasingTarget::fixed(header.target), clock_lead: 0 }
}
