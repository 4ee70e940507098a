//! Honest miners whose clocks are wrong by minutes.

use super::{SPACING, WARM_UP, steady::Steady};
use crate::{Candidate, Chain, Summary, THIRTY_TABS};

/// Maximum error of a clock in seconds. Blocks from clocks more than two minutes ahead of others are refused (rule H6)
/// under any rule.
const MOST_WRONG: f64 = 120.0;

/// Mines this many blocks, each by a miner whose clock is up to two minutes fast or slow.
#[must_use]
pub fn run(rule: &dyn Candidate, blocks: usize) -> Steady {
    let mut chain = Chain::new(rule, THIRTY_TABS, 5);
    let (mut start, mut noise) = (0.0, Summary::default());
    for n in 0..WARM_UP + blocks {
        if n == WARM_UP {
            (start, noise) = (chain.seconds(), Summary::default());
        }
        noise.add(chain.expected_spacings(THIRTY_TABS).ln());
        let ahead = (chain.rng().f64() * 2.0 - 1.0) * MOST_WRONG;
        let seconds = chain.draw_ahead(THIRTY_TABS, ahead);
        chain.wait(seconds);
        chain.push(chain.honest_stamp(ahead).min(chain.latest_stamp()));
    }
    Steady { spacing: (chain.seconds() - start) / blocks as f64 / SPACING, noise: noise.deviation() }
}
