//! A miner writes false times into headers, for profit.

use super::WARM_UP;
use crate::{Candidate, Chain, SPACING_MS, THIRTY_TABS};
use fedcoin_primitives::units::{CompactTarget, Timestamp};

/// How a liar chooses the time of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// The true time: an honest miner.
    Honest,
    /// The latest that others accept.
    Latest,
    /// The earliest that the rules allow.
    Earliest,
    /// The latest and the earliest in turn.
    Alternate,
    /// The latest; the earliest on top of an own lie.
    LateThenEarly,
    /// The earliest; the latest on top of an own lie.
    EarlyThenLate,
    /// This many spacings after the parent, however soon the block was found.
    Ahead(u64),
    /// The one of several times that makes the next target easiest.
    Greedy,
}

impl Strategy {
    /// All lies.
    pub const LIES: [Self; 9] = [
        Self::Latest,
        Self::Earliest,
        Self::Alternate,
        Self::LateThenEarly,
        Self::EarlyThenLate,
        Self::Ahead(2),
        Self::Ahead(4),
        Self::Ahead(6),
        Self::Greedy,
    ];

    /// Name for plots and tables.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Honest => "honest".into(),
            Self::Latest => "latest".into(),
            Self::Earliest => "earliest".into(),
            Self::Alternate => "alternate".into(),
            Self::LateThenEarly => "late, early".into(),
            Self::EarlyThenLate => "early, late".into(),
            Self::Ahead(n) => format!("+{n} spacings"),
            Self::Greedy => "greedy".into(),
        }
    }

    /// The time that the liar writes. `own`: number of blocks that the liar has found. `on_own`: whether the parent is
    /// the liar's too.
    fn stamp(self, chain: &Chain<'_>, own: u64, on_own: bool) -> Timestamp {
        let (early, late, honest) = (chain.earliest_stamp(), chain.latest_stamp(), chain.honest_stamp(0.0));
        let tip = chain.history().tip().time.0;
        match self {
            Self::Honest => honest,
            Self::Latest => late,
            Self::Earliest => early,
            Self::Alternate => [early, late][(own % 2) as usize],
            Self::LateThenEarly => [late, early][usize::from(on_own)],
            Self::EarlyThenLate => [early, late][usize::from(on_own)],
            Self::Ahead(n) => Timestamp(tip + n * SPACING_MS).clamp(early, late),
            Self::Greedy => {
                let ahead = |n| Timestamp(tip + n * SPACING_MS).clamp(early, late);
                let options = [honest, late, early, ahead(2), ahead(6)];
                let easiest = |stamp: &Timestamp| value(chain.target_after(*stamp));
                options.into_iter().max_by_key(easiest).unwrap_or(honest)
            }
        }
    }
}

fn value(target: CompactTarget) -> [u8; 32] {
    target.expand().map_or([0; 32], fedcoin_primitives::units::Target::to_be_bytes)
}

/// Blocks that a miner with this share of the hash rate finds per second if it lies this way.
///
/// As long as the target does not ease, these are its share of all blocks.
#[must_use]
pub fn income(rule: &dyn Candidate, share: f64, lie: Strategy, blocks: usize) -> f64 {
    let mut chain = Chain::new(rule, THIRTY_TABS, 6);
    let (mut start, mut income, mut own, mut on_own) = (0.0, 0.0, 0, false);
    // The latest time eases the liar's target first.
    let ahead = if lie == Strategy::Honest { 0.0 } else { 120.0 };
    for n in 0..WARM_UP + blocks {
        if n == WARM_UP {
            (start, income) = (chain.seconds(), 0.0);
        }
        let (honest, liar) = (chain.draw(THIRTY_TABS * (1.0 - share)), chain.draw_ahead(THIRTY_TABS * share, ahead));
        chain.wait(honest.min(liar));
        let (true_time, eased) = (chain.honest_stamp(0.0), chain.honest_stamp(ahead));
        // Its expected part of this block, at the time at which the block was found.
        let (others, part) = ((1.0 - share) / chain.work_at(true_time), share / chain.work_at(eased));
        income += part / (part + others);
        let is_own = liar < honest;
        own += u64::from(is_own);
        let stamp = if !is_own {
            true_time
        } else if chain.target().doublings(eased) > 0 {
            eased
        } else {
            lie.stamp(&chain, own, on_own)
        };
        on_own = is_own;
        chain.push(stamp);
    }
    income / (chain.seconds() - start)
}

/// The gain of each of [`Strategy::LIES`] in rewards per time and per hash (0.02 is 2 %).
#[must_use]
pub fn gains(rule: &dyn Candidate, share: f64, blocks: usize) -> Vec<f64> {
    let honest = income(rule, share, Strategy::Honest, blocks);
    Strategy::LIES.iter().map(|lie| income(rule, share, *lie, blocks) / honest - 1.0).collect()
}
