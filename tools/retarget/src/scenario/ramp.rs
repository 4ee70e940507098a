//! A miner works on a branch of its own and writes times that drive the difficulty up, so that luck with a few hard
//! blocks may outweigh many blocks of the others (Bahack, "Theoretical Bitcoin attacks with less than half of the
//! computational power", 2013).

use super::warm;
use crate::{Candidate, Chain, SPACING_MS, THIRTY_TABS};
use fedcoin_primitives::units::Timestamp;

/// Number of blocks of the others that the branch must outweigh.
const OUTWEIGHED: usize = 100;

/// How the miner chooses the times.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// So many blocks come six spacings apart, which lowers the difficulty at first.
    slow: usize,
    /// The next block is late: its target doubles this many times, and then the window is short.
    doublings: u64,
    /// Further times are as close as the rules allow, until a block's work is this share of what is to be outweighed. Then
    /// the difficulty is held.
    level: f64,
}

impl Plan {
    const fn new(slow: usize, doublings: u64, level: f64) -> Self {
        Self { slow, doublings, level }
    }
}

/// The plans that are tried.
const PLANS: [Plan; 14] = [
    Plan::new(0, 0, 2.0),
    Plan::new(0, 0, 0.3),
    Plan::new(4, 0, 2.0),
    Plan::new(5, 0, 2.0),
    Plan::new(5, 0, 0.3),
    Plan::new(8, 0, 2.0),
    Plan::new(12, 0, 2.0),
    Plan::new(12, 0, 0.3),
    Plan::new(0, 1, 2.0),
    Plan::new(1, 1, 2.0),
    Plan::new(1, 1, 0.3),
    Plan::new(2, 1, 2.0),
    Plan::new(0, 3, 2.0),
    Plan::new(0, 6, 0.5),
];

/// The share of attempts in which a miner with this share of the hash rate outweighs a hundred blocks of the others in
/// the time that they need, by the best of several plans.
#[must_use]
pub fn run(rule: &dyn Candidate, share: f64, attempts: usize) -> f64 {
    let mut days = warm(rule, THIRTY_TABS, 10);
    let mut wins = [0_u32; PLANS.len()];
    for _ in 0..attempts {
        for _ in 0..5 {
            days.step(THIRTY_TABS);
        }
        let mut others = days.branch();
        let (start, mut work) = (others.seconds(), 0.0);
        for _ in 0..OUTWEIGHED {
            others.mine(THIRTY_TABS * (1.0 - share));
            let stamp = others.honest_stamp(0.0);
            work += others.work_at(stamp);
            others.push(stamp);
        }
        let hashes = THIRTY_TABS * share * (others.seconds() - start);
        for (plan, wins) in PLANS.iter().zip(&mut wins) {
            *wins += u32::from(plan.outweighs(&mut days.branch(), hashes, work));
        }
    }
    let best = wins.into_iter().max().unwrap_or(0);
    f64::from(best) / attempts as f64
}

impl Plan {
    /// Whether so many hashes suffice, with the branch's luck, to exceed this work.
    fn outweighs(self, branch: &mut Chain<'_>, hashes: f64, work: f64) -> bool {
        let (mut left, mut done) = (hashes, 0.0);
        for blocks in 0.. {
            let stamp = self.stamp(branch, blocks, work);
            let needed = branch.work_at(stamp);
            left += (1.0 - branch.rng().f64()).ln() * needed;
            if left < 0.0 {
                return false;
            }
            done += needed;
            if done > work {
                return true;
            }
            branch.push(stamp);
        }
        false
    }

    /// The time of the next block on a branch of so many.
    fn stamp(self, branch: &Chain<'_>, blocks: usize, work: f64) -> Timestamp {
        let tip = branch.history().tip().time.0;
        let close = Timestamp(tip + 1).max(branch.earliest_stamp());
        if blocks < self.slow {
            return Timestamp(tip + 6 * SPACING_MS);
        }
        if blocks == self.slow && self.doublings > 0 {
            let mut late = close;
            while branch.target().doublings(late) < self.doublings {
                let Some(next) = branch.target().next_change(late) else { break };
                late = next;
            }
            return late;
        }
        let hold = branch.work_at(close) >= self.level * work;
        if hold { close.max(Timestamp(tip + SPACING_MS)) } else { close }
    }
}
