//! After a fall of the hash rate a liar writes the latest times that others accept, which eases its own target first.

use super::warm;
use crate::{Candidate, ONE_TAB, percentile};

/// What the liar gains at a fall.
#[derive(Clone, Copy, Debug)]
pub struct Liar {
    /// Of the first [`BLOCKS`] blocks, compared with its share (0.02 is 2 % more).
    pub gain: f64,
    /// Share of falls in which a branch of its own has more work than the first block of the others.
    pub ahead: f64,
    /// Number of blocks of that branch which 90 % of these branches do not exceed.
    pub branch: f64,
}

/// Number of blocks that are counted after the fall.
pub const BLOCKS: usize = 20;
/// How far ahead of the clock a time may be (rule H6), in seconds.
const AHEAD: f64 = 120.0;
/// What mines after the fall.
const LEFT: f64 = 10.0 * ONE_TAB;

/// The hash rate falls to a part in `factor`, of which the liar has this share.
#[must_use]
pub fn run(rule: &dyn Candidate, factor: f64, share: f64, runs: usize) -> Liar {
    let mut steady = warm(rule, factor * LEFT, 12);
    let (mut own, mut branches) = (0.0, Vec::new());
    for _ in 0..runs {
        for _ in 0..20 {
            steady.step(factor * LEFT);
        }
        own += published(&mut steady.branch(), share);
        branches.extend(withheld(&mut steady.branch(), share));
    }
    Liar {
        gain: own / (runs * BLOCKS) as f64 / share - 1.0,
        ahead: branches.len() as f64 / runs as f64,
        branch: percentile(&branches, 0.9),
    }
}

/// The liar's expected number of the first blocks, if it publishes each.
fn published(chain: &mut crate::Chain<'_>, share: f64) -> f64 {
    let mut own = 0.0;
    for _ in 0..BLOCKS {
        let honest = chain.draw(LEFT * (1.0 - share));
        let liar = chain.draw_ahead(LEFT * share, AHEAD);
        chain.wait(honest.min(liar));
        let (true_time, latest) = (chain.honest_stamp(0.0), chain.latest_stamp());
        let (honest_pace, liar_pace) = ((1.0 - share) / chain.work_at(true_time), share / chain.work_at(latest));
        own += liar_pace / (honest_pace + liar_pace);
        let lies = liar < honest && chain.target().doublings(latest) > 0;
        chain.push(if lies { latest } else { true_time });
    }
    own
}

/// The number of blocks that the liar has alone when the others find their first, if they have more work than that.
fn withheld(chain: &mut crate::Chain<'_>, share: f64) -> Option<f64> {
    let mut others = chain.branch();
    others.mine(LEFT * (1.0 - share));
    let public = others.work_at(others.honest_stamp(0.0));
    let (mut blocks, mut work) = (0.0, 0.0);
    loop {
        let seconds = chain.draw_ahead(LEFT * share, AHEAD);
        if chain.seconds() + seconds > others.seconds() {
            return (work > public).then_some(blocks);
        }
        chain.wait(seconds);
        let stamp = chain.latest_stamp();
        work += chain.work_at(stamp);
        blocks += 1.0;
        chain.push(stamp);
    }
}
