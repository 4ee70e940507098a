//! A miner that mines only while the target is easier than on average.

use super::{SPACING, WARM_UP};
use crate::{Candidate, Chain, THIRTY_TABS};

/// The gain of hopping (0.02 is 2 % more).
#[derive(Clone, Copy, Debug)]
pub struct Hopping {
    /// Rewards per hash, compared with mining always.
    pub per_hash: f64,
    /// Rewards per time, compared with mining always.
    pub per_time: f64,
}

/// Lets a miner with this share of the hash rate hop, over this many blocks.
#[must_use]
pub fn run(rule: &dyn Candidate, share: f64, blocks: usize) -> Hopping {
    let mut chain = Chain::new(rule, THIRTY_TABS, 7);
    let (mut start, mut mined, mut own) = (0.0, 0.0, 0.0);
    for n in 0..WARM_UP + blocks {
        if n == WARM_UP {
            (start, mined, own) = (chain.seconds(), 0.0, 0.0);
        }
        let hops_in = chain.expected_spacings(THIRTY_TABS) < 1.0;
        let seconds = chain.step(THIRTY_TABS * if hops_in { 1.0 } else { 1.0 - share });
        if hops_in {
            mined += seconds;
            own += f64::from(chain.rng().f64() < share);
        }
    }
    // Mining always earns its share of a block each spacing.
    let brought = |seconds: f64| own * SPACING / (seconds * share) - 1.0;
    Hopping { per_hash: brought(mined), per_time: brought(chain.seconds() - start) }
}
