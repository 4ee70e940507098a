use crate::history::number;
use crate::{Candidate, History, SPACING_MS};
use ethnum::U256;
use fastrand::Rng;
use fedcoin_primitives::units::{CompactTarget, EasingTarget, Target, Timestamp};

/// A chain that grows under one rule, with the true time and the random numbers for it.
#[derive(Clone)]
pub struct Chain<'a> {
    rule: &'a dyn Candidate,
    history: History,
    target: EasingTarget,
    /// Expected hashes of the next block, if it is in time.
    work: f64,
    /// The true time in milliseconds.
    now: f64,
    rng: Rng,
}

/// When simulations begin, in milliseconds.
const START: f64 = 1e12;
/// A header further ahead of the clock is refused (rule H6), in milliseconds.
const MAX_FUTURE_MS: f64 = 120_000.0;

impl<'a> Chain<'a> {
    /// A steady chain under `rule`, whose target has long fitted `rate` hashes per second.
    #[must_use]
    pub fn new(rule: &'a dyn Candidate, rate: f64, seed: u64) -> Self {
        let target = fitting_target(rate);
        let history = History::steady(target, Timestamp(START as u64));
        let target = EasingTarget::fixed(target);
        let mut chain = Self { rule, history, target, work: 0.0, now: START, rng: Rng::with_seed(seed) };
        chain.set_next();
        chain
    }

    /// The same chain with its own random numbers.
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

    /// The random numbers.
    pub fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// The next block's target.
    #[must_use]
    pub fn target(&self) -> &EasingTarget {
        &self.target
    }

    /// Expected hashes of the next block, if it is in time.
    #[must_use]
    pub fn work(&self) -> f64 {
        self.work
    }

    /// Expected hashes of the next block, if it has this time.
    #[must_use]
    pub fn work_at(&self, stamp: Timestamp) -> f64 {
        work(self.target.at(stamp))
    }

    /// Expected number of spacings for the next block at this many hashes per second, if its target does not ease.
    #[must_use]
    pub fn expected_spacings(&self, rate: f64) -> f64 {
        self.work / rate * 1e3 / SPACING_MS as f64
    }

    /// Draws the time for the next block in seconds, at this many hashes per second.
    pub fn draw(&mut self, rate: f64) -> f64 {
        self.draw_ahead(rate, 0.0)
    }

    /// The same for a miner that writes times this many seconds ahead, and so eases its target earlier.
    pub fn draw_ahead(&mut self, rate: f64, ahead: f64) -> f64 {
        let luck = -(1.0 - self.rng.f64()).ln();
        let search = Search { target: &self.target, earliest: self.earliest_stamp(), rate, ahead };
        search.seconds(self.now, luck)
    }

    /// Mines until a block is found, and returns the time in seconds.
    pub fn mine(&mut self, rate: f64) -> f64 {
        let seconds = self.draw(rate);
        self.wait(seconds);
        seconds
    }

    /// The time that an honest miner writes whose clock is `ahead` seconds ahead.
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
        history.push(stamp, self.target.at(stamp));
        self.rule.next_target(&history).in_time()
    }

    /// Adds the found block.
    pub fn push(&mut self, stamp: Timestamp) {
        self.history.push(stamp, self.target.at(stamp));
        self.set_next();
    }

    /// Mines and adds an honest block, and returns the time in seconds.
    pub fn step(&mut self, rate: f64) -> f64 {
        let seconds = self.mine(rate);
        self.push(self.honest_stamp(0.0));
        seconds
    }

    fn set_next(&mut self) {
        self.target = self.rule.next_target(&self.history);
        self.work = work(self.target.in_time());
    }

    /// Copies the time of another chain, so that both have the same events.
    pub(crate) fn set_time_of(&mut self, other: &Self) {
        self.now = other.now;
    }
}

/// Expected hashes of a block.
pub(crate) fn work(target: CompactTarget) -> f64 {
    target.expand().map_or(1.0, |target| target.work().as_f64())
}

/// The search for a block whose target may ease meanwhile.
pub(crate) struct Search<'a> {
    pub(crate) target: &'a EasingTarget,
    /// The earliest time that the block may have.
    pub(crate) earliest: Timestamp,
    /// Hashes per second.
    pub(crate) rate: f64,
    /// How many seconds the block's time is ahead of the true time.
    pub(crate) ahead: f64,
}

impl Search<'_> {
    /// For how many seconds it lasts if it begins at `now`, in milliseconds, and takes `luck` times the expected hashes.
    pub(crate) fn seconds(&self, now: f64, luck: f64) -> f64 {
        let (mut left, mut at, ahead) = (luck, now, self.ahead * 1e3);
        loop {
            let stamp = Timestamp((at + ahead) as u64).max(self.earliest);
            let work = work(self.target.at(stamp));
            let until = self.target.next_change(stamp).map_or(f64::INFINITY, |next| next.0 as f64 - ahead);
            let done = self.rate * (until - at) / 1e3 / work;
            if left <= done {
                return (at - now) / 1e3 + left * work / self.rate;
            }
            (left, at) = (left - done, until);
        }
    }
}

/// The target that takes one spacing at this many hashes per second.
pub(crate) fn fitting_target(rate: f64) -> CompactTarget {
    let hashes = (rate * SPACING_MS as f64 / 1e3) as u128;
    let target = Target::from_be_bytes((U256::MAX / U256::from(hashes)).to_be_bytes());
    debug_assert!(number(target) > U256::ONE);
    target.to_compact()
}
