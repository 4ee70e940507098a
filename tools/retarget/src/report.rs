use crate::scenario::{churn, clocks, fall, hopping, lies, night, ramp, steady, step};
use crate::{Candidate, ONE_TAB, THIRTY_TABS};

/// The amount of simulation.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Length of long runs, in blocks.
    pub blocks: usize,
    /// Runs of each change of the hash rate.
    pub runs: usize,
    /// Nights.
    pub nights: usize,
    /// Attempts to outweigh the others' blocks.
    pub attempts: usize,
}

impl Effort {
    /// For the published figures.
    pub const FULL: Self = Self { blocks: 40_000, runs: 1_000, nights: 20_000, attempts: 10_000 };
    /// For a quick overview.
    pub const QUICK: Self = Self { blocks: 5_000, runs: 100, nights: 2_000, attempts: 500 };
}

/// The liars' shares of the hash rate.
pub const SHARES: [f64; 3] = [0.15, 0.33, 0.45];

/// The shares of the hash rate of miners that drive the difficulty up on a branch of their own.
pub const RAMP_SHARES: [f64; 3] = [0.1, 0.2, 0.3];

/// All figures of one rule.
#[derive(Clone, Debug)]
pub struct Report {
    /// The rule's name.
    pub name: String,
    /// A steady hash rate.
    pub steady: steady::Steady,
    /// Thirty times the hash rate.
    pub up: step::Step,
    /// A thirtieth.
    pub down: step::Step,
    /// A hundred times.
    pub far_up: step::Step,
    /// A hundredth.
    pub far_down: step::Step,
    /// Falls to one tab, by each of [`fall::FACTORS`].
    pub falls: Vec<fall::Fall>,
    /// The chance to outweigh a hundred blocks, for each of [`RAMP_SHARES`].
    pub ramps: Vec<f64>,
    /// Tabs that come and go.
    pub churn: churn::Churn,
    /// A night after thirty tabs.
    pub night: night::Night,
    /// Five minutes without mining.
    pub lull: night::Night,
    /// A night after a lone tab.
    pub lone_night: night::Night,
    /// Clocks that are wrong.
    pub clocks: steady::Steady,
    /// The gain of each lie, for each of [`SHARES`].
    pub lies: Vec<Vec<f64>>,
    /// A third of the hash rate hops.
    pub hopping: hopping::Hopping,
}

impl Report {
    /// Simulates everything.
    #[must_use]
    pub fn new(rule: &dyn Candidate, effort: Effort) -> Self {
        let Effort { blocks, runs, nights, attempts } = effort;
        Self {
            name: rule.name(),
            steady: steady::run(rule, blocks),
            up: step::run(rule, 30.0, runs),
            down: step::run(rule, 1.0 / 30.0, runs),
            far_up: step::run(rule, 100.0, runs),
            far_down: step::run(rule, 0.01, runs),
            falls: fall::FACTORS.iter().map(|factor| fall::run(rule, *factor, runs)).collect(),
            ramps: RAMP_SHARES.iter().map(|share| ramp::run(rule, *share, attempts)).collect(),
            churn: churn::run(rule, blocks),
            night: night::run(rule, THIRTY_TABS, 8.0, nights),
            lull: night::run(rule, THIRTY_TABS, 1.0 / 12.0, nights),
            lone_night: night::run(rule, ONE_TAB, 8.0, nights / 10),
            clocks: clocks::run(rule, blocks),
            lies: SHARES.iter().map(|share| lies::gains(rule, *share, blocks)).collect(),
            hopping: hopping::run(rule, 0.33, blocks),
        }
    }

    /// The gain of the best lie for a miner with a third of the hash rate.
    #[must_use]
    pub fn best_lie(&self) -> f64 {
        best(&self.lies[1])
    }
}

/// The largest.
pub(crate) fn best(gains: &[f64]) -> f64 {
    gains.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// The smallest.
pub(crate) fn worst(gains: &[f64]) -> f64 {
    gains.iter().copied().fold(f64::INFINITY, f64::min)
}
