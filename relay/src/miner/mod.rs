//! Native mining: threads that search for a nonce for the node's job.

pub mod calibration;
mod kernel_choice;
mod rate;
mod worker;

pub use kernel_choice::{FaultyKernel, KernelChoice, NoSuchKernel};
pub use rate::HashRate;

use crate::inbox::Inbox;
use crate::threads::SpawnError;
use fedcoin_node::pow::{self, Job, Kernel};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use worker::{Salts, Worker};

/// The mining threads. They end when this value is dropped.
#[derive(Debug)]
pub struct Miners {
    shared: Arc<Shared>,
    threads: usize,
}

/// State shared by all workers.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// Signals that the last searching worker has stopped.
    idle: Condvar,
    choice: KernelChoice,
    /// Chosen when there is first something to mine.
    kernel: OnceLock<Kernel>,
    /// Number of the current assignment. A change tells workers to look at `state`; they check it between slices.
    number: AtomicU64,
    hashes: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    assignment: Option<Assignment>,
    /// Number of workers that are searching.
    searching: usize,
}

/// What the workers should do.
#[derive(Clone, Copy, Debug)]
enum Assignment {
    /// Search.
    Mine(Job),
    /// End the thread.
    End,
}

/// The mining threads cannot start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MinerError {
    /// The system starts no more threads.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// The chosen kernel computes wrong results.
    #[error(transparent)]
    FaultyKernel(#[from] FaultyKernel),
}

impl Miners {
    /// Starts `threads` workers, which wait for a job and report what they find to `inbox`. Each tries its own groups
    /// of salts: worker i takes groups i, i + `threads`, ... from `first_salt`, so no attempt is made twice. Each uses
    /// `share` percent of its core, 1 to 100.
    ///
    /// # Errors
    /// [`MinerError`].
    pub fn start(
        threads: usize,
        share: u8,
        first_salt: u32,
        choice: KernelChoice,
        inbox: &Inbox,
    ) -> Result<Self, MinerError> {
        choice.check()?;
        let shared = Arc::new(Shared::new(choice));
        let workers = u32::try_from(threads.max(1)).unwrap_or(u32::MAX);
        for number in 0..workers {
            let salts = Salts {
                next: first_salt.wrapping_add(number.wrapping_mul(pow::Task::SALTS)),
                stride: workers.wrapping_mul(pow::Task::SALTS),
            };
            let (shared, results) = (Arc::clone(&shared), inbox.clone());
            let work = move || Worker::new(number, salts, share, &shared).run(&results);
            inbox.spawn(format!("miner-{number}"), work)?;
        }
        Ok(Self { shared, threads })
    }

    /// Searches for this job's nonce, in place of any earlier job.
    pub fn mine(&self, job: Job) {
        self.shared.assign(Some(Assignment::Mine(job)));
    }

    /// Stops searching.
    pub fn pause(&self) {
        self.shared.assign(None);
    }

    /// Stops searching, and waits until all threads have stopped.
    pub fn pause_and_wait(&self) {
        self.pause();
        let mut state = self.shared.lock();
        while state.searching > 0 {
            state = self.shared.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Number of threads.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Hashes computed since the start.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.shared.hashes.load(Ordering::Relaxed)
    }
}

impl Drop for Miners {
    fn drop(&mut self) {
        self.shared.assign(Some(Assignment::End));
    }
}

impl Shared {
    fn new(choice: KernelChoice) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            idle: Condvar::new(),
            choice,
            kernel: OnceLock::new(),
            number: AtomicU64::new(0),
            hashes: AtomicU64::new(0),
        }
    }

    /// The kernel to search with. If the choice is automatic, the first call measures.
    fn kernel(&self) -> &Kernel {
        self.kernel.get_or_init(|| self.choice.decide())
    }

    fn assign(&self, assignment: Option<Assignment>) {
        let mut state = self.lock();
        state.assignment = assignment;
        self.number.fetch_add(1, Ordering::Release);
        self.changed.notify_all();
    }

    /// Ends assignment `number` after its nonce is found; all workers wait for the next one. False if it is not
    /// current: another worker was faster, or a newer assignment has arrived.
    fn finish(&self, number: u64) -> bool {
        let mut state = self.lock();
        let first = self.is_current(number);
        if first {
            state.assignment = None;
            self.number.fetch_add(1, Ordering::Release);
        }
        first
    }

    /// Waits for a job newer than assignment `seen`; `None` when the thread must end. A worker that gets a job must
    /// call [`Self::stopped`] when it ends the search.
    fn next_job(&self, seen: u64) -> Option<(u64, Job)> {
        let mut state = self.lock();
        loop {
            let number = self.number.load(Ordering::Acquire);
            match state.assignment {
                Some(Assignment::End) => return None,
                Some(Assignment::Mine(job)) if number != seen => {
                    state.searching += 1;
                    return Some((number, job));
                }
                _ => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Records that a worker has stopped searching.
    fn stopped(&self) {
        let mut state = self.lock();
        state.searching -= 1;
        if state.searching == 0 {
            self.idle.notify_all();
        }
    }

    /// Whether assignment `number` is the current one.
    fn is_current(&self, number: u64) -> bool {
        self.number.load(Ordering::Acquire) == number
    }

    /// Sleeps for `time`, or until assignment `number` is no longer current. Returns the time slept.
    fn sleep(&self, number: u64, time: Duration) -> Duration {
        let started = Instant::now();
        let mut state = self.lock();
        while self.is_current(number) {
            let remaining = time.saturating_sub(started.elapsed());
            if remaining.is_zero() {
                break;
            }
            state = self.changed.wait_timeout(state, remaining).unwrap_or_else(PoisonError::into_inner).0;
        }
        started.elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::DriverMessage;
    use fedcoin_node::Input;
    use fedcoin_node::consensus::ChainParams;
    use fedcoin_node::primitives::Header;
    use fedcoin_node::units::{CompactTarget, EasingTarget};
    use std::thread;

    const EASY: CompactTarget = CompactTarget(0x1fff_ffff);
    const HOPELESS: CompactTarget = CompactTarget(0x0301_0000);

    fn job(generation: u64, target: CompactTarget) -> Job {
        let header = ChainParams::classroom().genesis_block().header;
        Job { generation, header: Header { target, ..header }, target: EasingTarget::fixed(target), clock_lead: 0 }
    }

    fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !condition() {
            assert!(Instant::now() < end, "{what}");
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn the_nonce_is_found_once_and_the_search_stops() {
        let (inbox, mut receiver) = Inbox::new();
        let miners = Miners::start(3, 100, u32::MAX, KernelChoice::Auto, &inbox).unwrap();
        for generation in 1..20 {
            miners.mine(job(generation, EASY));
            let Some(DriverMessage::Input(Input::Mined { generation: found, salt, time, nonce })) =
                receiver.blocking_recv()
            else {
                panic!()
            };
            assert_eq!(found, generation);
            let header = Header { salt, time, nonce, ..job(generation, EASY).header };
            assert!(EASY.expand().unwrap().is_met_by(&header.id().0));
        }
        thread::sleep(Duration::from_millis(5));
        let hashes = miners.hashes();
        thread::sleep(Duration::from_millis(20));
        assert_eq!(miners.hashes(), hashes);
        assert!(receiver.try_recv().is_none());
    }

    #[test]
    fn a_new_job_and_a_pause_preempt_the_search() {
        let (inbox, mut receiver) = Inbox::new();
        let miners = Miners::start(2, 100, 0, KernelChoice::Auto, &inbox).unwrap();
        miners.mine(job(1, HOPELESS));
        wait_until("the workers to begin", || miners.hashes() > 0);
        miners.mine(job(2, EASY));
        assert!(matches!(receiver.blocking_recv(), Some(DriverMessage::Input(Input::Mined { generation: 2, .. }))));
        miners.mine(job(3, HOPELESS));
        let before = miners.hashes();
        wait_until("the workers to continue", || miners.hashes() > before);
        miners.pause_and_wait();
        let stopped = miners.hashes();
        thread::sleep(Duration::from_millis(20));
        assert_eq!(miners.hashes(), stopped);
        miners.pause_and_wait();
    }
}
