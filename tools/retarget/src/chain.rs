use crate::history::number;
use crate::{Candidate, History, SPACING_MS};
use ethnum::U256;
use fastrand::Rng;
use fedcoin_primitives::units::{CompactTarget, Target, Timestamp};

/// A chain that grows under one rule, with the true time and all chance that goes into it.
#[derive(Clone)]
pub struct Chain<'a> {
    rule: &'a dyn Candidate,
    history: History,
    next: CompactTarget,
    /// Expected hashes of the next block.
    work: f64,
    /// The true time in milliseconds.
    now: f64,
    rng: Rng,
}

/// When simulations begin, in milliseconds.
const START: f64 = 1e12;
/// A header is refused until it is so little ahead (rule H6), in milliseconds.
const MAX_FUTURE_MS: f64 = 120_000.0;

impl<'a> Chain<'a> {
    /// A chain at rest under `rule`, whose target has long fitted `rate` hashes a second.
    #[must_use]
    pub fn new(rule: &'a dyn Candidate, rate: f64, seed: u64) -> Self {
        let target = fitting_target(rate);
        let history = History::steady(target, Timestamp(START as u64));
        let mut chain = Self { rule, history, next: target, work: 0.0, now: START, rng: Rng::with_seed(seed) };
        chain.set_next();
        chain
    }

    /// The same chain with chances of its own.
    #[must_use]
    pub fn branch(&mut self) -> Self {
        let rng = self.rng.fork();
        Self { rng, ..self.clone() }
    }

    /// The true time in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.now / 1e3
    }

    /// Lets time pass without mining.
    pub fn wait(&mut self, seconds: f64) {
        self.now += seconds * 1e3;
    }

    /// The headers so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Chance.
    pub fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// Expected hashes of the next block.
    #[must_use]
    pub fn work(&self) -> f64 {
        self.work
    }

    /// How many spacings the next block is expected to take at this many hashes a second.
    #[must_use]
    pub fn expected_spacings(&self, rate: f64) -> f64 {
        self.work / rate * 1e3 / SPACING_MS as f64
    }

    /// Draws how many seconds the next block takes at this many hashes a second.
    pub fn draw(&mut self, rate: f64) -> f64 {
        -(1.0 - self.rng.f64()).ln() * self.work / rate
    }

    /// Mines until a block is found, and returns how many seconds that took.
    pub fn mine(&mut self, rate: f64) -> f64 {
        let seconds = self.draw(rate);
        self.wait(seconds);
        seconds
    }

    /// What an honest miner writes whose clock is `ahead` seconds ahead.
    #[must_use]
    pub fn honest_stamp(&self, ahead: f64) -> Timestamp {
        Timestamp((self.now + ahead * 1e3) as u64).max(self.earliest_stamp())
    }

    /// The earliest time that the rules allow (H5).
    #[must_use]
    pub fn earliest_stamp(&self) -> Timestamp {
        Timestamp(self.history.median_time().0 + 1)
    }

    /// The latest time that others accept now (H6).
    #[must_use]
    pub fn latest_stamp(&self) -> Timestamp {
        Timestamp((self.now + MAX_FUTURE_MS) as u64).max(self.earliest_stamp())
    }

    /// The target after a block with this time.
    #[must_use]
    pub fn target_after(&self, stamp: Timestamp) -> CompactTarget {
        let mut history = self.history.clone();
        history.push(stamp, self.next);
        self.rule.next_target(&history)
    }

    /// Adds the block found.
    pub fn push(&mut self, stamp: Timestamp) {
        self.history.push(stamp, self.next);
        self.set_next();
    }

    /// Mines and adds an honest block; returns how many seconds it took.
    pub fn step(&mut self, rate: f64) -> f64 {
        let seconds = self.mine(rate);
        self.push(self.honest_stamp(0.0));
        seconds
    }

    fn set_next(&mut self) {
        self.next = self.rule.next_target(&self.history);
        self.work = self.next.expand().map_or(1.0, |target| target.work().as_f64());
    }

    /// Takes over the time of another chain: what happens to one happens to both.
    pub(crate) fn set_time_of(&mut self, other: &Self) {
        self.now = other.now;
    }
}

/// The target that takes one spacing at this many hashes a second.
pub(crate) fn fitting_target(rate: f64) -> CompactTarget {
    let hashes = (rate * SPACING_MS as f64 / 1e3) as u128;
    let target = Target::from_be_bytes((U256::MAX / U256::from(hashes)).to_be_bytes());
    debug_assert!(number(target) > U256::ONE);
    target.to_compact()
}
