//! All miners of the tab, from the node worker's side.

use super::flag::Flag;
use super::hash_rate::HashRate;
use super::latencies::Latencies;
use super::state::{Latency, MAX_THREADS, MinerHealth, MinerState};
use super::{Assignment, Report, SearchPlan};
use crate::clock::Clock;

use crate::thread::Thread;
use fedcoin_node::pow::{Job, Task};
use fedcoin_node::units::Timestamp;
use std::rc::Rc;

/// A miner is replaced after this silence in milliseconds.
const SILENCE_MS: f64 = 5_000.0;
/// A starting miner is replaced after this silence in milliseconds; its program may have to be downloaded first.
const START_MS: f64 = 20_000.0;

/// After this many unanswered starts in a row, a miner's program counts as blocked.
const BLOCKED_AFTER: u32 = 2;
/// Interval in milliseconds for starting a blocked miner again.
const BLOCKED_MS: f64 = 30_000.0;

/// The miners and their current assignment. At most [`MAX_THREADS`] miners.
pub struct Miners {
    script: String,
    report: Rc<dyn Fn(MinerReport)>,
    clock: Clock,
    miners: Vec<MinerHandle>,
    /// Number of miners started so far.
    started: u64,
    share: u8,
    slice_ms: Option<u32>,
    /// Stops the miners sooner than a message, if memory can be shared.
    flag: Option<Flag>,
    job: Option<Job>,
    assignment: u64,
    /// Start of this assignment's salts: random, so that no two tabs with the same key search alike.
    salt: u32,
    latencies: Latencies,
    hashes: u64,
    /// Hashes after a better tip, estimated from each miner's rate.
    stale_hashes: f64,
}

/// A report of a miner.
#[derive(Clone, Debug, PartialEq)]
pub struct MinerReport {
    worker: usize,
    /// The start of this worker that sent it: reports of earlier starts do not count.
    start: u64,
    /// `None`: the miner died or could not be loaded.
    report: Option<Report>,
}

/// A nonce that meets the current job's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce {
    /// The job's generation.
    pub generation: u64,
    /// The salt in the header.
    pub salt: u32,
    /// The time in the header.
    pub time: Timestamp,
    /// The nonce.
    pub nonce: u32,
}

struct MinerHandle {
    thread: Option<Thread>,
    start: u64,
    health: MinerHealth,
    /// Since when a message is due from it: it confirms every assignment, and reports progress while it searches.
    owes: Option<f64>,
    /// Its last assignment, and the last one that it confirmed.
    assigned: u64,
    confirmed: u64,
    rate: HashRate,
    restarts: u32,
    /// Unanswered starts in a row before this one.
    unanswered: u32,
    /// The name of its kernel, once reported.
    kernel: Option<String>,
}

impl Miners {
    /// No miners yet. Their reports go to `report`, which passes them to [`Miners::take`].
    pub fn new(script: &str, report: impl Fn(MinerReport) + 'static) -> Self {
        Self {
            script: script.into(),
            report: Rc::new(report),
            clock: Clock::new(),
            miners: Vec::new(),
            started: 0,
            share: 100,
            slice_ms: None,
            flag: Flag::new(),
            job: None,
            assignment: 0,
            salt: 0,
            latencies: Latencies::default(),
            hashes: 0,
            stale_hashes: 0.0,
        }
    }

    /// Sets the number of miners, each one's share of a core in percent, and how often each checks for assignments.
    pub fn resize(&mut self, threads: u32, share: u8, slice_ms: Option<u32>) {
        let threads = threads.min(MAX_THREADS) as usize;
        let share = share.clamp(1, 100);
        if threads == self.miners.len() && (share, slice_ms) == (self.share, self.slice_ms) {
            return;
        }
        (self.share, self.slice_ms) = (share, slice_ms);
        self.miners.truncate(threads);
        while self.miners.len() < threads {
            let miner = self.start(self.miners.len(), 0, 0);
            self.miners.push(miner);
        }
        // Not a preemption: nothing to measure.
        self.latencies.forget_unconfirmed();
        self.command();
    }

    /// Lets all miners search this job; `since` is the time of its cause by [`Clock::millis`].
    pub fn mine(&mut self, job: Job, since: f64) {
        let stale = self.job.replace(job).is_some_and(|old| old.header.previous != job.header.previous);
        self.command();
        if stale {
            self.latencies.assigned(self.assignment, self.clock.shared(since));
        }
    }

    /// Lets all miners rest; `since` is the time of the cause by [`Clock::millis`].
    pub fn pause(&mut self, since: f64) {
        if self.job.take().is_some() {
            self.command();
            self.latencies.assigned(self.assignment, self.clock.shared(since));
        }
    }

    /// Processes a report. Returns a nonce found for the current job.
    pub fn take(&mut self, said: MinerReport) -> Option<Nonce> {
        let now = self.clock.millis();
        let assignment = self.assignment_of(said.worker);
        let miner = self.miners.get_mut(said.worker).filter(|miner| miner.start == said.start)?;
        match said.report {
            None => {
                // The next tick replaces it: an immediate restart would be a busy loop if the script is missing.
                (miner.thread, miner.health, miner.owes) = (None, MinerHealth::Silent, Some(now));
            }
            Some(Report::Ready { mut kernels }) => {
                miner.kernel = kernels.pop();
                if let (Some(thread), Some(flag)) = (&miner.thread, &self.flag) {
                    thread.send_value(&flag.message());
                }
                miner.assign(&assignment, now);
            }
            Some(Report::Confirmed { number, stopped }) => {
                let searched_on = self.latencies.stopped(number, stopped.min(self.clock.shared(now)));
                self.stale_hashes += searched_on.unwrap_or(0.0) / 1_000.0 * miner.rate.per_second(now);
                miner.confirmed = number;
                miner.spoke(now);
                let all = self.miners.iter().map(|m| m.confirmed).min().unwrap_or(number);
                self.latencies.confirmed(all);
            }
            Some(Report::Progress { hashes }) => {
                self.hashes = self.hashes.saturating_add(hashes);
                miner.rate.add(now, hashes);
                miner.spoke(now);
            }
            Some(Report::Found { generation, salt, time, nonce }) => {
                miner.health = MinerHealth::Idle;
                miner.spoke(now);
                let current = self.job.is_some_and(|job| job.generation == generation);
                return current.then_some(Nonce { generation, salt, time, nonce });
            }
        }
        None
    }

    /// Replaces the miners whose message is overdue (rule M9); returns their numbers.
    pub fn replace_silent(&mut self) -> Vec<u32> {
        let now = self.clock.millis();
        let silent = |miner: &MinerHandle| {
            let patience = match miner.health {
                MinerHealth::Starting => START_MS,
                _ if miner.is_blocked() => BLOCKED_MS,
                _ => SILENCE_MS,
            };
            miner.owes.is_some_and(|since| now - since > patience)
        };
        let replaced: Vec<usize> = (0..self.miners.len()).filter(|i| silent(&self.miners[*i])).collect();
        for worker in &replaced {
            let old = &self.miners[*worker];
            let unanswered = if old.kernel.is_some() { 0 } else { old.unanswered.saturating_add(1) };
            self.miners[*worker] = self.start(*worker, old.restarts.saturating_add(1), unanswered);
            self.latencies.forget_unconfirmed();
        }
        replaced.into_iter().map(|worker| worker as u32).collect()
    }

    /// Restarts the time-outs after a sleep, during which no miner could report.
    pub fn excuse(&mut self) {
        let now = self.clock.millis();
        self.miners.iter_mut().for_each(|miner| miner.owes = miner.owes.map(|_| now));
        self.latencies.forget_unconfirmed();
    }

    /// Each miner's state.
    #[must_use]
    pub fn states(&self) -> Vec<MinerState> {
        let now = self.clock.millis();
        let state = |miner: &MinerHandle| MinerState {
            hash_rate: miner.rate.per_second(now),
            health: if miner.is_blocked() { MinerHealth::Blocked } else { miner.health },
            restarts: miner.restarts,
            kernel: miner.kernel.clone(),
        };
        self.miners.iter().map(state).collect()
    }

    /// Hashes per second of all miners together, if all of them search.
    #[must_use]
    pub fn full_rate(&self) -> Option<f64> {
        let all_search = self.miners.iter().all(|miner| miner.health == MinerHealth::Searching);
        let now = self.clock.millis();
        (all_search && !self.miners.is_empty())
            .then(|| self.miners.iter().map(|miner| miner.rate.per_second(now)).sum())
    }

    /// Hashes completed since the start.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.hashes
    }

    /// Hashes completed after the cause of a pause, or of a job on another tip.
    #[must_use]
    pub fn stale_hashes(&self) -> u64 {
        // Never below zero; a value out of range would take centuries.
        self.stale_hashes as u64
    }

    /// Whether assignments reach the miners through shared memory.
    #[must_use]
    pub fn has_flag(&self) -> bool {
        self.flag.is_some()
    }

    /// Time from the cause of a pause, or of a job on another tip, until the last miner stopped.
    #[must_use]
    pub fn preemption(&self) -> Option<Latency> {
        self.latencies.summary()
    }

    /// Sends every miner the current job, or a pause.
    fn command(&mut self) {
        self.assignment += 1;
        let mut salt = [0; 4];
        // Without randomness the assignment's number is used.
        self.salt = if getrandom::fill(&mut salt).is_ok() { u32::from_le_bytes(salt) } else { self.assignment as u32 };
        if let Some(flag) = &self.flag {
            flag.raise(self.assignment);
        }
        let now = self.clock.millis();
        for worker in 0..self.miners.len() {
            let assignment = self.assignment_of(worker);
            let miner = &mut self.miners[worker];
            if miner.health == MinerHealth::Starting || miner.thread.is_none() {
                // It does not search: it gets the assignment when it is ready.
                (miner.assigned, miner.confirmed) = (assignment.number, assignment.number);
            } else {
                miner.assign(&assignment, now);
            }
        }
    }

    fn assignment_of(&self, worker: usize) -> Assignment {
        let search = self.job.map(|job| SearchPlan {
            job,
            salt: self.salt.wrapping_add((worker as u32).wrapping_mul(Task::SALTS)),
            salt_step: (self.miners.len().max(1) as u32).wrapping_mul(Task::SALTS),
            share: self.share,
            slice_ms: self.slice_ms,
            kernel: None,
        });
        Assignment { number: self.assignment, search }
    }

    fn start(&mut self, worker: usize, restarts: u32, unanswered: u32) -> MinerHandle {
        self.started += 1;
        let start = self.started;
        let (said, failed) = (Rc::clone(&self.report), Rc::clone(&self.report));
        let thread = Thread::spawn(
            &self.script,
            move |report| said(MinerReport { worker, start, report: Some(report) }),
            move |_| failed(MinerReport { worker, start, report: None }),
        );
        let health = if thread.is_ok() { MinerHealth::Starting } else { MinerHealth::Silent };
        MinerHandle {
            thread: thread.ok(),
            start,
            health,
            owes: Some(self.clock.millis()),
            assigned: self.assignment,
            confirmed: self.assignment,
            rate: HashRate::default(),
            restarts,
            unanswered,
            kernel: None,
        }
    }
}

impl MinerHandle {
    fn assign(&mut self, assignment: &Assignment, now: f64) {
        if let Some(thread) = &self.thread {
            thread.send(assignment);
        }
        if self.health == MinerHealth::Starting {
            self.owes = None;
        }
        self.assigned = assignment.number;
        // A new assignment does not extend the time for the previous one.
        self.owes.get_or_insert(now);
        if assignment.search.is_some() {
            self.health = MinerHealth::Searching;
            self.rate.begin(now);
        } else {
            self.health = MinerHealth::Idle;
        }
    }

    /// Whether something seems to block its program.
    fn is_blocked(&self) -> bool {
        self.unanswered >= BLOCKED_AFTER && self.kernel.is_none()
    }

    /// Records a message; another one may be due.
    fn spoke(&mut self, now: f64) {
        let owes = self.health == MinerHealth::Searching || self.confirmed < self.assigned;
        self.owes = owes.then_some(now);
    }
}

impl std::fmt::Debug for Miners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Miners").field("miners", &self.miners.len()).field("job", &self.job).finish_non_exhaustive()
    }
}
