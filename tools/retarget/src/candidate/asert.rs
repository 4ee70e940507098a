use super::{Candidate, bounded, solve_time, spacings};
use crate::{History, THIRTY_TABS, chain::fitting_target, history::number};
use ethnum::U256;
use fedcoin_primitives::units::EasingTarget;

/// Absolute ASERT (aserti3-2d): the target doubles for each half-life that the chain is behind its schedule since the
/// anchor.
#[derive(Clone, Copy, Debug)]
pub struct Asert {
    /// In spacings.
    pub half_life: i64,
}

/// ASERT from block to block, with clamped solve times.
#[derive(Clone, Copy, Debug)]
pub struct RelativeAsert {
    /// In spacings.
    pub half_life: i64,
    /// Minimum time that a block counts as having taken, in spacings.
    pub least: i64,
    /// Maximum.
    pub most: i64,
}

/// The header time at which every simulation begins: the anchor.
const ANCHOR_TIME: i64 = 1_000_000_000_000;

impl Candidate for Asert {
    fn name(&self) -> String {
        format!("ASERT {}", self.half_life)
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        let tip = history.tip();
        let blocks = tip.height as i64 - (History::KEPT as i64 - 1);
        let behind = tip.time.0 as i64 - ANCHOR_TIME - spacings(blocks);
        let anchor = fitting_target(THIRTY_TABS).expand().map_or(U256::ONE, number);
        bounded(times_power_of_two(anchor, exponent(behind, self.half_life)))
    }
}

impl Candidate for RelativeAsert {
    fn name(&self) -> String {
        format!("relative ASERT {} [{}, {}]", self.half_life, self.least, self.most)
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        let [parent, tip] = history.last(2) else { return EasingTarget::fixed(history.tip().target) };
        let took = solve_time(parent, tip).clamp(spacings(self.least), spacings(self.most));
        bounded(times_power_of_two(tip.value, exponent(took - spacings(1), self.half_life)))
    }
}

/// Half-lives in 65,536ths.
fn exponent(milliseconds: i64, half_life: i64) -> i32 {
    let exponent = (milliseconds * 65_536).div_euclid(spacings(half_life));
    exponent.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}

/// `value` times two to the power of `exponent / 65536`, to 2 parts in 10,000, at most the largest
/// number. The fraction of the power is the cubic of aserti3
/// (<https://reference.cash/protocol/forks/2020-11-15-asert>).
fn times_power_of_two(value: U256, exponent: i32) -> U256 {
    let (whole, part) = (exponent >> 16, u64::from(exponent as u32 & 0xffff));
    let cubic = 195_766_423_245_049 * part + 971_821_376 * part * part + 5_127 * part * part * part;
    let factor = U256::from(65_536 + ((cubic + (1 << 47)) >> 48));
    // Above 2^238 the product would overflow. The lowest bits do not fit in a header.
    let (product, whole): (U256, i32) =
        if value >> 238 == U256::ZERO { ((value * factor) >> 16, whole) } else { ((value >> 17) * factor, whole + 1) };
    let places = whole.unsigned_abs();
    match whole {
        ..0 => product.checked_shr(places).unwrap_or(U256::ZERO),
        0.. if product == U256::ZERO => U256::ZERO,
        0.. if product.leading_zeros() < places => U256::MAX,
        0.. => product << places,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_scale_and_stop_at_the_ends() {
        let value = U256::from(0xff_ffff_u32) << 200;
        assert_eq!(times_power_of_two(value, 65_536), value << 1);
        assert_eq!(times_power_of_two(value, -3 * 65_536), value >> 3);
        for (value, exponent) in [(value, 32_768), (U256::MAX >> 1, 40_000 - 65_536), (value, -100_000)] {
            let ratio = times_power_of_two(value, exponent).as_f64() / value.as_f64();
            assert!((ratio / 2f64.powf(f64::from(exponent) / 65_536.0) - 1.0).abs() < 3e-4, "{exponent}: {ratio}");
        }
        for value in [U256::ONE, value, U256::MAX] {
            assert_eq!(times_power_of_two(value, i32::MAX), U256::MAX);
            assert_eq!(times_power_of_two(value, i32::MIN), U256::ZERO);
        }
    }
}
