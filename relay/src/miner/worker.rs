use super::Shared;
use crate::clock::wall;
use crate::inbox::Inbox;
use fedcoin_node::Input;
use fedcoin_node::pow::{Job, Kernel, Quota, SliceSize, Task};
use fedcoin_node::primitives::Header;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Time that a worker hashes before it checks whether its assignment is current (rule M5).
const SLICE: Duration = Duration::from_micros(500);
/// Interval of updates of the header's time (rule M4).
const RENEW_TIME: Duration = Duration::from_secs(1);

/// The salts of one worker: the start of its next group, and the distance to the group after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Salts {
    pub(super) next: u32,
    pub(super) stride: u32,
}

/// A mining thread.
pub(super) struct Worker<'a> {
    number: u32,
    salts: Salts,
    slice: SliceSize,
    quota: Quota,
    shared: &'a Shared,
}

/// A search through one group of salts with one time.
struct Search {
    header: Header,
    task: Task,
    nonce: u64,
    /// When the header's time was last updated.
    timed: Instant,
}

impl<'a> Worker<'a> {
    /// A worker that uses this share of its core, in percent.
    pub(super) fn new(number: u32, salts: Salts, share: u8, shared: &'a Shared) -> Self {
        Self { number, salts, slice: SliceSize::new(SLICE), quota: Quota::new(share), shared }
    }

    /// Waits for jobs, and searches each until its nonce is found or the assignment changes.
    pub(super) fn run(mut self, inbox: &Inbox) {
        let (number, mut seen) = (self.number, 0);
        while let Some((assignment, job)) = self.shared.next_job(seen) {
            seen = assignment;
            let generation = job.generation;
            tracing::debug!("miner {number} begins generation {generation}");
            let found = self.search(&job, assignment);
            self.shared.stopped();
            tracing::debug!("miner {number} stops generation {generation}");
            if let Some(Header { salt, time, nonce, .. }) = found
                && self.shared.finish(assignment)
            {
                inbox.send_blocking(Input::Mined { generation, salt, time, nonce });
            }
        }
    }

    /// Searches in slices of about [`SLICE`]; `None` if the assignment is no longer current.
    fn search(&mut self, job: &Job, assignment: u64) -> Option<Header> {
        let kernel = self.shared.kernel();
        let mut search = self.begin(job)?;
        while self.shared.is_current(assignment) {
            if let Some(rest) = self.quota.rest() {
                self.quota.rested(self.shared.sleep(assignment, rest));
                continue;
            }
            if search.is_outdated(job) {
                search = self.begin(job)?;
            }
            if let Some(found) = self.hash_a_slice(kernel, &mut search) {
                return Some(found);
            }
        }
        None
    }

    /// `None` for a job without a valid target, which no node makes.
    fn begin(&mut self, job: &Job) -> Option<Search> {
        let (header, first_salt) = (job.header_at(wall()), self.salts.next);
        let task = Task::new(&header, header.target.expand().ok()?, first_salt);
        self.salts.next = first_salt.wrapping_add(self.salts.stride);
        Some(Search { header, task, nonce: 0, timed: Instant::now() })
    }

    fn hash_a_slice(&mut self, kernel: &Kernel, search: &mut Search) -> Option<Header> {
        let started = Instant::now();
        let nonces = self.slice.nonces();
        let result = kernel.search(&search.task, search.nonce..search.nonce + nonces);
        search.nonce += nonces;
        let took = started.elapsed();
        self.slice.learn(nonces, took);
        self.quota.worked(took);
        self.shared.hashes.fetch_add(result.hashes, Ordering::Relaxed);
        result.found.map(|found| Header { salt: found.salt, nonce: found.nonce, ..search.header })
    }
}

impl Search {
    /// Whether all nonces have been tried, or the header's time, and with it perhaps the target, is out of date.
    fn is_outdated(&mut self, job: &Job) -> bool {
        let due = self.timed.elapsed() >= RENEW_TIME;
        if due {
            self.timed = Instant::now();
        }
        self.nonce >= 1 << 32 || (due && job.header_at(wall()).time != self.header.time)
    }
}
