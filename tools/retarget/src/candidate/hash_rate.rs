use super::{Candidate, EASIEST, bounded, spacings};
use crate::{History, Link, SPACING_MS, history::number};
use ethnum::U256;
use fedcoin_primitives::units::{CompactTarget, EasingTarget};

/// The first rule of this kind, and variations of it: without easing, so that falls of the hash rate are slow.
#[derive(Clone, Copy, Debug)]
pub struct HashRate {
    /// Number of blocks in the window.
    pub window: usize,
    /// How solve times are computed from header times.
    pub clock: Clock,
    /// How much harder the three blocks after a rest are.
    pub caution: u64,
    /// On average, blocks count as having taken at least one spacing divided by this.
    pub brake: u64,
}

/// How solve times are computed from header times. Each is at least zero and at most six spacings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// A header's time minus its parent's.
    EachBlock,
    /// By the clock that takes excess time back from later headers.
    Paced,
}

impl HashRate {
    /// The rule as it was in force before targets eased.
    pub const FIRST: Self = Self { window: 22, clock: Clock::Paced, caution: 4, brake: 50 };
    /// Longer gaps make the clock jump.
    const JUMP_MS: i64 = 120_000 + spacings(10);
    /// Longer gaps count as a rest.
    const REST_MS: i64 = 120_000 + spacings(180);
}

impl Candidate for HashRate {
    fn name(&self) -> String {
        let clock = if self.clock == Clock::Paced { "" } else { ", raw times" };
        let window = if self.window == Self::FIRST.window { String::new() } else { format!(" {}", self.window) };
        let caution = if self.caution == 1 { ", no caution" } else { "" };
        let brake = if self.brake == Self::FIRST.brake { String::new() } else { format!(", brake {}", self.brake) };
        format!("no easing{window}{clock}{caution}{brake}")
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        let easiest = EASIEST.expand().map_or(U256::MAX, number);
        let links = history.last(self.window + 19);
        let (mut work, mut time, mut since_rest) = (U256::ZERO, 0, usize::MAX);
        let mut clock = links[0].time.0 as i64;
        for (n, pair) in links.windows(2).enumerate() {
            let factor = if since_rest < 3 { self.caution } else { 1 };
            let (took, rested) = self.advance(&mut clock, &pair[0], &pair[1]);
            since_rest = if rested { 0 } else { since_rest.saturating_add(1) };
            let weight = (n as u64 + 1).saturating_sub(18);
            work += difficulty(pair[1].target) / U256::from(factor) * U256::from(weight);
            time += took * weight;
        }
        let weights = (self.window * (self.window + 1) / 2) as u64;
        let factor = (U256::from(time.max(weights * SPACING_MS / self.brake) * 33) << 40) / U256::from(SPACING_MS * 32);
        let (whole, rest): (U256, U256) = (easiest / work, easiest % work);
        let target: U256 = whole * factor + rest * factor / work;
        bounded(target.min(easiest) / U256::from(if since_rest < 3 { self.caution } else { 1 }))
    }
}

/// The difficulty relative to the easiest target, times 2^40.
pub(super) fn difficulty(target: CompactTarget) -> U256 {
    let ([e, m @ ..], [easiest_e, easiest_m @ ..]) = (target.0.to_be_bytes(), EASIEST.0.to_be_bytes());
    let number = |[a, b, c]: [u8; 3]| u128::from(u32::from_be_bytes([0, a, b, c]));
    U256::from((number(easiest_m) << 40) / number(m)) << (8 * u32::from(easiest_e - e))
}

impl HashRate {
    /// Milliseconds that a block counts as having taken, and whether it ended a rest.
    fn advance(&self, clock: &mut i64, parent: &Link, block: &Link) -> (u64, bool) {
        if self.clock == Clock::EachBlock {
            *clock = parent.time.0 as i64;
        }
        let gap = block.time.0 as i64 - *clock;
        let took = gap.clamp(0, spacings(6));
        *clock = if gap > Self::JUMP_MS { block.time.0 as i64 } else { *clock + took };
        (took as u64, gap > Self::REST_MS)
    }
}
