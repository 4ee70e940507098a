//! Measures one miner on this machine: hashes per second with each kernel, and the time to stop.

use super::flag::Flag;
use super::latencies::Latencies;
use super::state::Latency;
use super::{Assignment, Report, SearchPlan};
use crate::clock::Clock;
use crate::thread::Thread;
use fedcoin_node::pow::Job;
use fedcoin_node::primitives::{BlockId, Commitment, Header};
use fedcoin_node::units::{CompactTarget, EasingTarget, Timestamp};
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use gloo_timers::future::TimeoutFuture;
use std::pin::pin;

/// Interval in milliseconds, and number, of checks whether the tab's own miners have stopped.
const LOOK_MS: u32 = 50;
const LOOKS: u32 = 100;
/// Warm-up time of a kernel in milliseconds, during which the browser compiles it.
const WARM_UP_MS: f64 = 500.0;
/// Time in milliseconds during which hashes count.
const COUNTED_MS: f64 = 3_000.0;
/// Number of times that the miner is stopped.
const PAUSES: u32 = 60;
/// Mining time before each stop in milliseconds; it varies, because the miner works in slices.
const MINING_MS: std::ops::Range<u32> = 20..31;
/// A miner that is silent for this many milliseconds does not work here; its program may have to be downloaded first.
const PATIENCE_MS: u32 = 20_000;

/// The speed of one kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelRate {
    /// The kernel's name.
    pub kernel: String,
    /// Hashes per second of one worker.
    pub hash_rate: f64,
}

/// The results of a measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The kernels, slowest first.
    pub kernels: Vec<KernelRate>,
    /// Time from the assignment to stop until the worker has stopped.
    pub pauses: Latency,
    /// Whether the assignments went through shared memory instead of messages.
    pub shared_flag: bool,
}

/// The current step of a measurement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The worker starts.
    Starting,
    /// Measures the kernel of this name.
    Kernel(String),
    /// Measures the time to stop.
    Pauses,
}

/// The miner does not run or respond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the mining worker does not respond")]
pub struct NoMiner;

/// Measures one miner, a few seconds for each kernel; `at` gets each step. Dropping the future ends the miner. It
/// begins when `is_idle` says that the tab's own miners have stopped, or after a limited wait, because other load on
/// the machine would disturb the results just as well.
///
/// # Errors
/// [`NoMiner`].
pub async fn measure(
    script: &str,
    is_idle: impl Fn() -> bool,
    mut at: impl FnMut(Step),
) -> Result<Measurement, NoMiner> {
    at(Step::Starting);
    for _ in 0..LOOKS {
        if is_idle() {
            break;
        }
        TimeoutFuture::new(LOOK_MS).await;
    }
    let (mut miner, names) = Measured::start(script).await?;
    let mut kernels = Vec::new();
    for (place, kernel) in (0..).zip(names) {
        at(Step::Kernel(kernel.clone()));
        kernels.push(KernelRate { kernel, hash_rate: miner.rate(place).await? });
    }
    at(Step::Pauses);
    Ok(Measurement { kernels, pauses: miner.pauses().await?, shared_flag: miner.flag.is_some() })
}

/// The miner to measure.
struct Measured {
    thread: Thread,
    /// `None` means that it died. Bounded by the miner's pace.
    reports: UnboundedReceiver<Option<Report>>,
    flag: Option<Flag>,
    clock: Clock,
    assignment: u64,
}

impl Measured {
    /// Starts the miner; also returns the names of its kernels.
    async fn start(script: &str) -> Result<(Self, Vec<String>), NoMiner> {
        let (sender, reports) = unbounded();
        let died = sender.clone();
        let thread = Thread::spawn(
            script,
            move |report| drop(sender.unbounded_send(Some(report))),
            move |_| drop(died.unbounded_send(None)),
        );
        let thread = thread.map_err(|_| NoMiner)?;
        let mut miner = Self { thread, reports, flag: Flag::new(), clock: Clock::new(), assignment: 0 };
        let kernels = loop {
            if let Report::Ready { kernels } = miner.report().await? {
                break kernels;
            }
        };
        if let Some(flag) = &miner.flag {
            miner.thread.send_value(&flag.message());
        }
        Ok((miner, kernels))
    }

    async fn report(&mut self) -> Result<Report, NoMiner> {
        let patience = pin!(TimeoutFuture::new(PATIENCE_MS).fuse());
        match select(self.reports.next(), patience).await {
            Either::Left((Some(Some(report)), _)) => Ok(report),
            _ => Err(NoMiner),
        }
    }

    /// Sends an assignment, and returns its number.
    fn assign(&mut self, search: Option<SearchPlan>) -> u64 {
        self.assignment += 1;
        if let Some(flag) = &self.flag {
            flag.raise(self.assignment);
        }
        self.thread.send(&Assignment { number: self.assignment, search });
        self.assignment
    }

    /// Hashes per second with one of its kernels.
    async fn rate(&mut self, kernel: u8) -> Result<f64, NoMiner> {
        let number = self.assign(Some(endless(Some(kernel))));
        while !matches!(self.report().await?, Report::Confirmed { number: confirmed, .. } if confirmed == number) {}
        let started = self.clock.millis();
        let (mut since, mut counted) = (None, 0);
        loop {
            let Report::Progress { hashes } = self.report().await? else { continue };
            let now = self.clock.millis();
            match since {
                None if now - started >= WARM_UP_MS => since = Some(now),
                None => {}
                Some(since) => {
                    counted += hashes;
                    if now - since >= COUNTED_MS {
                        return Ok(counted as f64 / (now - since) * 1_000.0);
                    }
                }
            }
        }
    }

    /// Time to stop with its fastest kernel.
    async fn pauses(&mut self) -> Result<Latency, NoMiner> {
        let mut latencies = Latencies::default();
        for ms in MINING_MS.cycle().take(PAUSES as usize) {
            self.assign(Some(endless(None)));
            TimeoutFuture::new(ms).await;
            let since = self.clock.shared(self.clock.millis());
            let number = self.assign(None);
            latencies.assigned(number, since);
            loop {
                match self.report().await? {
                    Report::Confirmed { number: confirmed, stopped } if confirmed == number => {
                        latencies.stopped(number, stopped);
                        break;
                    }
                    _ => {}
                }
            }
            latencies.confirmed(number);
        }
        // There is at least one measurement.
        latencies.summary().ok_or(NoMiner)
    }
}

/// A search that never ends.
fn endless(kernel: Option<u8>) -> SearchPlan {
    let header = Header {
        version: 1,
        salt: 0,
        previous: BlockId([0; 32]),
        commitment: Commitment([0; 32]),
        time: Timestamp(0),
        target: CompactTarget(0x0301_0000),
        nonce: 0,
    };
    SearchPlan {
        job: Job { generation: 1, header, target: EasingTarget::fixed(header.target), clock_lead: 0 },
        salt: 0,
        salt_step: 1,
        share: 100,
        slice_ms: None,
        kernel,
    }
}
