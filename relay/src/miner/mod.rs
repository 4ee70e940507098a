//! Native mining: threads that search for the nonce of the node's job.

pub mod calibration;
mod kernel_choice;
mod rate;
mod worker;

pub use kernel_choice::{KernelChoice, NoSuchKernel};
pub use rate::HashRate;

use crate::driver::Inbox;
use crate::failure::Failure;
use crate::threads;
use fedcoin_node::pow::{self, Job, Kernel};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use worker::{Salts, Worker};

/// The mining threads. They end when this value is dropped.
#[derive(Debug)]
pub struct Miner {
    orders: Arc<Orders>,
    threads: usize,
}

/// What the workers are told, and what they count.
#[derive(Debug)]
struct Orders {
    now: Mutex<Now>,
    changed: Condvar,
    /// The last worker at work has stopped.
    resting: Condvar,
    choice: KernelChoice,
    /// Decided when there is something to mine.
    kernel: OnceLock<Kernel>,
    /// Grows whenever workers must look at `now` again; read between slices.
    number: AtomicU64,
    hashes: AtomicU64,
}

/// The state of things.
#[derive(Debug, Default)]
struct Now {
    task: Option<Task>,
    /// How many workers are searching.
    searching: usize,
}

/// What to do.
#[derive(Clone, Copy, Debug)]
enum Task {
    /// Search.
    Mine(Job),
    /// End the thread.
    End,
}

impl Miner {
    /// Starts `threads` workers, which rest until there is a job and give what they find to
    /// `inbox`. Salts are tried in groups; worker i takes group i, i + `threads`, ... from `first_salt`
    /// on: no attempt is made twice. Each uses `share` percent of its core, 1 to 100.
    ///
    /// # Errors
    /// [`Failure::System`] when the system starts no more threads, [`Failure::Usage`] if the kernel
    /// chosen computes wrongly.
    pub fn start(
        threads: usize,
        share: u8,
        first_salt: u32,
        choice: KernelChoice,
        inbox: &Inbox,
    ) -> Result<Self, Failure> {
        choice.check()?;
        let orders = Arc::new(Orders::new(choice));
        let workers = u32::try_from(threads.max(1)).unwrap_or(u32::MAX);
        for number in 0..workers {
            let salts = Salts {
                next: first_salt.wrapping_add(number.wrapping_mul(pow::Task::SALTS)),
                stride: workers.wrapping_mul(pow::Task::SALTS),
            };
            let (orders, reports) = (Arc::clone(&orders), inbox.clone());
            let work = move || Worker::new(number, salts, share, &orders).run(&reports);
            threads::spawn(format!("miner-{number}"), inbox, work)?;
        }
        Ok(Self { orders, threads })
    }

    /// Search for this job's nonce instead of any earlier one's.
    pub fn mine(&self, job: Job) {
        self.orders.give(Some(Task::Mine(job)));
    }

    /// Stop searching.
    pub fn pause(&self) {
        self.orders.give(None);
    }

    /// Stop searching, and wait until all threads have stopped.
    pub fn rest(&self) {
        self.pause();
        let mut now = self.orders.lock();
        while now.searching > 0 {
            now = self.orders.resting.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// How many threads there are.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Hashes computed since the start.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.orders.hashes.load(Ordering::Relaxed)
    }
}

impl Drop for Miner {
    fn drop(&mut self) {
        self.orders.give(Some(Task::End));
    }
}

impl Orders {
    fn new(choice: KernelChoice) -> Self {
        Self {
            now: Mutex::default(),
            changed: Condvar::new(),
            resting: Condvar::new(),
            choice,
            kernel: OnceLock::new(),
            number: AtomicU64::new(0),
            hashes: AtomicU64::new(0),
        }
    }

    /// The kernel to search with; measured first where that is asked for.
    fn kernel(&self) -> &Kernel {
        self.kernel.get_or_init(|| self.choice.decide())
    }

    fn give(&self, task: Option<Task>) {
        let mut now = self.lock();
        now.task = task;
        self.number.fetch_add(1, Ordering::Release);
        self.changed.notify_all();
    }

    /// The nonce for order `number` is found: all workers rest until the next order. False when
    /// the order no longer stands: another worker was first, or nobody wants it any more.
    fn done(&self, number: u64) -> bool {
        let mut now = self.lock();
        let first = self.stands(number);
        if first {
            now.task = None;
            self.number.fetch_add(1, Ordering::Release);
        }
        first
    }

    /// Waits for a job other than that of order `seen`; `None` when the thread shall end. Whoever gets
    /// a job says when it has [stopped](Self::stopped).
    fn next_job(&self, seen: u64) -> Option<(u64, Job)> {
        let mut now = self.lock();
        loop {
            let number = self.number.load(Ordering::Acquire);
            match now.task {
                Some(Task::End) => return None,
                Some(Task::Mine(job)) if number != seen => {
                    now.searching += 1;
                    return Some((number, job));
                }
                _ => now = self.changed.wait(now).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// A worker searches no more.
    fn stopped(&self) {
        let mut now = self.lock();
        now.searching -= 1;
        if now.searching == 0 {
            self.resting.notify_all();
        }
    }

    /// Whether order `number` still stands.
    fn stands(&self, number: u64) -> bool {
        self.number.load(Ordering::Acquire) == number
    }

    /// Sleeps for `time`, or until order `number` no longer stands; returns how long that was.
    fn rest(&self, number: u64, time: Duration) -> Duration {
        let begun = Instant::now();
        let mut now = self.lock();
        while self.stands(number) {
            let left = time.saturating_sub(begun.elapsed());
            if left.is_zero() {
                break;
            }
            now = self.changed.wait_timeout(now, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        begun.elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::Order;
    use fedcoin_node::Input;
    use fedcoin_node::consensus::ChainParams;
    use fedcoin_node::primitives::Header;
    use fedcoin_node::units::CompactTarget;
    use std::thread;

    const EASY: CompactTarget = CompactTarget(0x1fff_ffff);
    const HOPELESS: CompactTarget = CompactTarget(0x0301_0000);

    fn job(generation: u64, target: CompactTarget) -> Job {
        let header = ChainParams::classroom().genesis_block().header;
        Job { generation, header: Header { target, ..header }, clock_lead: 0 }
    }

    fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !condition() {
            assert!(Instant::now() < end, "{what}");
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn finds_the_nonce_once_and_rests() {
        let (inbox, mut orders) = Inbox::new();
        let miner = Miner::start(3, 100, u32::MAX, KernelChoice::Auto, &inbox).unwrap();
        for generation in 1..20 {
            miner.mine(job(generation, EASY));
            let Some(Order::Input(Input::Mined { generation: found, salt, time, nonce })) = orders.blocking_recv()
            else {
                panic!()
            };
            assert_eq!(found, generation);
            let header = Header { salt, time, nonce, ..job(generation, EASY).header };
            assert!(EASY.expand().unwrap().is_met_by(&header.id().0));
        }
        thread::sleep(Duration::from_millis(5));
        let hashes = miner.hashes();
        thread::sleep(Duration::from_millis(20));
        assert_eq!(miner.hashes(), hashes);
        assert!(orders.try_recv().is_none());
    }

    #[test]
    fn a_new_job_and_a_pause_preempt() {
        let (inbox, mut orders) = Inbox::new();
        let miner = Miner::start(2, 100, 0, KernelChoice::Auto, &inbox).unwrap();
        miner.mine(job(1, HOPELESS));
        wait_until("the workers begin", || miner.hashes() > 0);
        miner.mine(job(2, EASY));
        assert!(matches!(orders.blocking_recv(), Some(Order::Input(Input::Mined { generation: 2, .. }))));
        miner.mine(job(3, HOPELESS));
        let before = miner.hashes();
        wait_until("the workers go on", || miner.hashes() > before);
        miner.rest();
        let stopped = miner.hashes();
        thread::sleep(Duration::from_millis(20));
        assert_eq!(miner.hashes(), stopped);
        miner.rest();
    }
}
