//! What one miner can do on this machine: hashes per second with each of its kernels, and how soon it stops.

use super::flag::Flag;
use super::latencies::Latencies;
use super::state::Latency;
use super::{Order, Report, SearchOrder};
use crate::clock::Clock;
use crate::thread::Thread;
use fedcoin_node::pow::Job;
use fedcoin_node::primitives::{BlockId, Header, MerkleRoot};
use fedcoin_node::units::{CompactTarget, Timestamp};
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use gloo_timers::future::TimeoutFuture;
use std::pin::pin;

/// How often and how many times is looked whether the tab's own miners have stopped, in milliseconds.
const LOOK_MS: u32 = 50;
const LOOKS: u32 = 100;
/// How long a kernel runs before its hashes count, in milliseconds: the browser compiles it meanwhile.
const WARM_UP_MS: f64 = 500.0;
/// How long its hashes count, in milliseconds.
const COUNTED_MS: f64 = 3_000.0;
/// How often the miner is stopped.
const PAUSES: u32 = 60;
/// How long it mines before that, in milliseconds: not always the same, as it works in slices.
const MINING_MS: std::ops::Range<u32> = 20..31;
/// A miner that says nothing for so long does not work here, in milliseconds: its program has to be fetched.
const PATIENCE_MS: u32 = 20_000;

/// How fast one kernel is.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelRate {
    /// Its name.
    pub kernel: String,
    /// Hashes per second of one worker.
    pub hash_rate: f64,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The kernels, the slowest first.
    pub kernels: Vec<KernelRate>,
    /// From the order to stop until the worker has stopped.
    pub pauses: Latency,
    /// Whether the order came through shared memory: elsewhere by a message alone.
    pub shared_flag: bool,
}

/// What is being measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The worker starts.
    Starting,
    /// The speed of the kernel of this name.
    Kernel(String),
    /// How soon the worker stops.
    Pauses,
}

/// The miner does not run or does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the mining worker does not answer")]
pub struct NoMiner;

/// Measures one miner, a few seconds for each kernel, and tells `at` what comes next. Dropping the future ends the
/// miner. It begins when `is_idle` says that the tab's own miners have stopped; it does not wait for them for ever, as
/// other programs that compute make the figures worse all the same.
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

/// The miner that is measured.
struct Measured {
    thread: Thread,
    /// `None`: it died. Bounded by the miner's pace.
    reports: UnboundedReceiver<Option<Report>>,
    flag: Option<Flag>,
    clock: Clock,
    order: u64,
}

impl Measured {
    /// Starts it; also returns the names of its kernels.
    async fn start(script: &str) -> Result<(Self, Vec<String>), NoMiner> {
        let (sender, reports) = unbounded();
        let died = sender.clone();
        let thread = Thread::spawn(
            script,
            move |report| drop(sender.unbounded_send(Some(report))),
            move || drop(died.unbounded_send(None)),
        );
        let thread = thread.map_err(|_| NoMiner)?;
        let mut miner = Self { thread, reports, flag: Flag::new(), clock: Clock::new(), order: 0 };
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

    /// Gives an order, and returns its number.
    fn order(&mut self, search: Option<SearchOrder>) -> u64 {
        self.order += 1;
        if let Some(flag) = &self.flag {
            flag.raise(self.order);
        }
        self.thread.send(&Order { number: self.order, search });
        self.order
    }

    /// Hashes per second with one of its kernels.
    async fn rate(&mut self, kernel: u8) -> Result<f64, NoMiner> {
        let number = self.order(Some(endless(Some(kernel))));
        while !matches!(self.report().await?, Report::Obeyed { number: obeyed, .. } if obeyed == number) {}
        let begun = self.clock.millis();
        let (mut since, mut counted) = (None, 0);
        loop {
            let Report::Progress { hashes } = self.report().await? else { continue };
            let now = self.clock.millis();
            match since {
                None if now - begun >= WARM_UP_MS => since = Some(now),
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

    /// How long it takes to stop, with its fastest kernel.
    async fn pauses(&mut self) -> Result<Latency, NoMiner> {
        let mut latencies = Latencies::default();
        for ms in MINING_MS.cycle().take(PAUSES as usize) {
            self.order(Some(endless(None)));
            TimeoutFuture::new(ms).await;
            let since = self.clock.shared(self.clock.millis());
            let number = self.order(None);
            latencies.ordered(number, since);
            loop {
                match self.report().await? {
                    Report::Obeyed { number: obeyed, stopped } if obeyed == number => {
                        latencies.stopped(number, stopped);
                        break;
                    }
                    _ => {}
                }
            }
            latencies.obeyed(number);
        }
        // There are some.
        latencies.summary().ok_or(NoMiner)
    }
}

/// A search that never ends.
fn endless(kernel: Option<u8>) -> SearchOrder {
    let header = Header {
        version: 1,
        salt: 0,
        previous: BlockId([0; 32]),
        merkle_root: MerkleRoot([0; 32]),
        time: Timestamp(0),
        target: CompactTarget(0x0301_0000),
        nonce: 0,
    };
    SearchOrder {
        job: Job { generation: 1, header, clock_lead: 0 },
        salt: 0,
        salt_step: 1,
        share: 100,
        slice_ms: None,
        kernel,
    }
}
