//! The situations in which rules are tested.

pub mod churn;
pub mod clocks;
pub mod fall;
pub mod hopping;
pub mod liar;
pub mod lies;
pub mod network;
pub mod night;
pub mod ramp;
pub mod selfish;
pub mod steady;
pub mod step;

/// Blocks mined before anything is measured.
const WARM_UP: usize = 200;

/// A chain after a while at this rate.
fn warm(rule: &dyn crate::Candidate, rate: f64, seed: u64) -> crate::Chain<'_> {
    let mut chain = crate::Chain::new(rule, rate, seed);
    for _ in 0..WARM_UP {
        chain.step(rate);
    }
    chain
}

/// Seconds of a spacing.
const SPACING: f64 = crate::SPACING_MS as f64 / 1e3;
