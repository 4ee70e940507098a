//! Tabs come and go at random.

use super::SPACING;
use crate::{Candidate, Chain, ONE_TAB, percentile};

/// A run with tabs that come and go.
#[derive(Clone, Debug)]
pub struct Churn {
    /// Mean spacing, in spacings.
    pub spacing: f64,
    /// Share of blocks whose expected spacing was between half and twice the intended one.
    pub within: f64,
    /// The time in spacings that 99 of 100 blocks did not exceed.
    pub slowest: f64,
    /// Minutes, mining tabs, and the number of tabs that the target would fit, for a plot.
    pub trace: Vec<(f64, f64, f64)>,
}

/// How long a tab stays on average, in spacings.
const STAY: f64 = 40.0;
/// How many there are on average.
const TABS: f64 = 6.0;

/// Mines this many blocks while tabs come and go.
#[must_use]
pub fn run(rule: &dyn Candidate, blocks: usize) -> Churn {
    let mut chain = Chain::new(rule, TABS * ONE_TAB, 3);
    let (start, mut tabs) = (chain.seconds(), TABS);
    let (mut within, mut times, mut trace) = (0, Vec::new(), Vec::new());
    for _ in 0..blocks {
        let fitted = chain.expected_spacings(ONE_TAB);
        within += usize::from((0.5..=2.0).contains(&(fitted / tabs)));
        trace.push(((chain.seconds() - start) / 60.0, tabs, fitted));
        let before = chain.seconds();
        mine(&mut chain, &mut tabs);
        times.push((chain.seconds() - before) / SPACING);
    }
    Churn {
        spacing: (chain.seconds() - start) / SPACING / blocks as f64,
        within: within as f64 / blocks as f64,
        slowest: percentile(&times, 0.99),
        trace,
    }
}

/// Finds one block. The search has no memory, so the time is drawn again whenever a tab comes or goes.
fn mine(chain: &mut Chain<'_>, tabs: &mut f64) {
    loop {
        // On average, as many come as go.
        let changes_per_second = (TABS + *tabs) / (STAY * SPACING);
        let change = -(1.0 - chain.rng().f64()).ln() / changes_per_second;
        let block = if *tabs > 0.0 { chain.draw(*tabs * ONE_TAB) } else { f64::INFINITY };
        chain.wait(block.min(change));
        if block < change {
            return chain.push(chain.honest_stamp(0.0));
        }
        let joins = chain.rng().f64() < TABS / (TABS + *tabs);
        *tabs += if joins { 1.0 } else { -1.0 };
    }
}
