//! The compared rules.

mod asert;
mod constant;
mod digishield;
mod easing;
mod hash_rate;
mod in_force;
mod lwma;
mod wtema;

pub use asert::{Asert, RelativeAsert};
pub use constant::Constant;
pub use digishield::Digishield;
pub use easing::{Easing, Late};
pub use hash_rate::{Clock, HashRate};
pub use in_force::InForce;
pub use lwma::Lwma;
pub use wtema::Wtema;

use crate::{History, Link, SPACING_MS};
use ethnum::U256;
use fedcoin_primitives::units::{CompactTarget, EasingTarget, Target};

/// A rule that sets the target of a block from the headers before it.
pub trait Candidate: Sync {
    /// Short name for tables.
    fn name(&self) -> String;
    /// The next block's target, by its time.
    fn next_target(&self, history: &History) -> EasingTarget;
}

/// The easiest target, that of `main`.
pub const EASIEST: CompactTarget = CompactTarget(0x1e03_ffff);

/// All rules in the order of the tables. The first is the current one.
#[must_use]
pub fn all() -> Vec<Box<dyn Candidate>> {
    vec![
        Box::new(InForce::default()),
        Box::new(Easing { brake: 50, ..Easing::IN_FORCE }),
        Box::new(Easing { late: Late::Fall, ..Easing::IN_FORCE }),
        Box::new(Easing { late: Late::Rest, ..Easing::IN_FORCE }),
        Box::new(HashRate::FIRST),
        Box::new(HashRate { brake: 4, ..HashRate::FIRST }),
        Box::new(HashRate { caution: 1, ..HashRate::FIRST }),
        Box::new(HashRate { clock: Clock::EachBlock, ..HashRate::FIRST }),
        Box::new(HashRate { window: 45, ..HashRate::FIRST }),
        Box::new(Lwma { window: 60 }),
        Box::new(Lwma { window: 20 }),
        Box::new(Lwma { window: 15 }),
        Box::new(Asert { half_life: 60 }),
        Box::new(Asert { half_life: 5 }),
        Box::new(RelativeAsert { half_life: 5, least: -6, most: 6 }),
        Box::new(RelativeAsert { half_life: 4, least: 0, most: 2 }),
        Box::new(Wtema { blocks: 6, least: 0, most: 6 }),
        Box::new(Digishield),
        Box::new(Constant),
    ]
}

/// A rule's result as headers contain it: no easier than the easiest, not zero, rounded down.
fn compact(value: U256) -> CompactTarget {
    let easiest = EASIEST.expand().map_or(U256::MAX, crate::history::number);
    Target::from_be_bytes(value.min(easiest).max(U256::ONE).to_be_bytes()).to_compact()
}

/// The same, whatever the block's time.
fn bounded(value: U256) -> EasingTarget {
    EasingTarget::fixed(compact(value))
}

/// Milliseconds from one block to the next, by their headers.
fn solve_time(parent: &Link, child: &Link) -> i64 {
    child.time.0 as i64 - parent.time.0 as i64
}

/// This many spacings in milliseconds.
const fn spacings(n: i64) -> i64 {
    n * SPACING_MS as i64
}
