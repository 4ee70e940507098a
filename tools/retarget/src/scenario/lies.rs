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

/// Blocks found per second if a miner with this share of the hash rate lies this way.
///
/// The liar finds its share of them under any lie, so this also determines its income.
#[must_use]
pub fn blocks_per_second(rule: &dyn Candidate, share: f64, lie: Strategy, blocks: usize) -> f64 {
    let mut chain = Chain::new(rule, THIRTY_TABS, 6);
    let (mut start, mut own, mut on_own) = (0.0, 0, false);
    for n in 0..WARM_UP + blocks {
        if n == WARM_UP {
            start = chain.seconds();
        }
        chain.mine(THIRTY_TABS);
        on_own = if chain.rng().f64() < share {
            own += 1;
            chain.push(lie.stamp(&chain, own, on_own));
            true
        } else {
            chain.push(chain.honest_stamp(0.0));
            false
        };
    }
    blocks as f64 / (chain.seconds() - start)
}

/// The gain of each of [`Strategy::LIES`] in rewards per time and per hash (0.02 is 2 %).
#[must_use]
pub fn gains(rule: &dyn Candidate, share: f64, blocks: usize) -> Vec<f64> {
    let honest = blocks_per_second(rule, share, Strategy::Honest, blocks);
    Strategy::LIES.iter().map(|lie| blocks_per_second(rule, share, *lie, blocks) / honest - 1.0).collect()
}
