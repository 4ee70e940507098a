/// Number of levels, each with a colour.
pub const LEVELS: u32 = 5;

/// The level of a fee in units per thousand bytes: 0 for none, then one for each power of ten from 1 unit per byte.
#[must_use]
pub fn fee_level(units: u64) -> u32 {
    units.checked_ilog10().map_or(0, |digits| digits.saturating_sub(2).clamp(1, LEVELS - 1))
}

/// A fee in units per thousand bytes.
#[must_use]
pub fn per_kilobyte(units: u64, bytes: u32) -> u64 {
    let rate = u128::from(units) * 1_000 / u128::from(bytes.max(1));
    u64::try_from(rate).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_power_of_ten_has_a_level() {
        let levels = [0, 1, 999, 1_000, 9_999, 10_000, 100_000, 1_000_000, u64::MAX].map(fee_level);
        assert_eq!(levels, [0, 1, 1, 1, 1, 2, 3, 4, 4]);
    }

    #[test]
    fn fees_are_compared_by_size() {
        assert_eq!([per_kilobyte(500, 250), per_kilobyte(0, 250), per_kilobyte(7, 0)], [2_000, 0, 7_000]);
        assert_eq!(per_kilobyte(u64::MAX, 1), u64::MAX);
    }
}
