use core::{cmp::Ordering, fmt, str::FromStr};
use fedcoin_primitives::codec::serde_as_text;
use fedcoin_primitives::units::Amount;

/// Fee per byte, compared exactly. Its text form is a decimal number of units per byte.
#[derive(Clone, Copy, Debug)]
pub struct FeeRate {
    fee: Amount,
    bytes: usize,
}

/// A text is not a fee rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a fee rate: write a number of units per byte, such as 2 or 0.5, with at most 3 decimals")]
pub struct ParseFeeRateError(pub String);

/// Text forms count in thousandths of a unit per byte.
const KILOBYTE: usize = 1_000;

impl FeeRate {
    /// A zero rate.
    pub const ZERO: Self = Self { fee: Amount::ZERO, bytes: 1 };

    /// The rate of a payment of `bytes` (above 0) with this fee.
    #[must_use]
    pub const fn new(fee: Amount, bytes: usize) -> Self {
        Self { fee, bytes }
    }

    /// A rate given as the fee of a thousand bytes.
    #[must_use]
    pub const fn per_kilobyte(fee: Amount) -> Self {
        Self { fee, bytes: KILOBYTE }
    }

    /// The smallest fee for which `bytes` bytes have at least this rate.
    #[must_use]
    pub fn fee_for(self, bytes: usize) -> Amount {
        let fee = (u128::from(self.fee.units()) * bytes as u128).div_ceil(self.bytes as u128);
        amount(fee)
    }

    /// The smallest fee for which `bytes` bytes have a higher rate.
    #[must_use]
    pub fn fee_above(self, bytes: usize) -> Amount {
        amount(u128::from(self.fee.units()) * bytes as u128 / self.bytes as u128 + 1)
    }

    /// The fee of a thousand bytes, rounded up.
    #[must_use]
    pub fn of_kilobyte(self) -> Amount {
        self.fee_for(KILOBYTE)
    }

    /// The sum of both rates, rounded up to a thousandth of a unit per byte.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::per_kilobyte(self.of_kilobyte().checked_add(other.of_kilobyte()).unwrap_or(Amount::MAX))
    }
}

impl Default for FeeRate {
    fn default() -> Self {
        Self::ZERO
    }
}

/// The amount, capped at the maximum.
fn amount(units: u128) -> Amount {
    u64::try_from(units).ok().and_then(|units| Amount::from_units(units).ok()).unwrap_or(Amount::MAX)
}

impl Ord for FeeRate {
    fn cmp(&self, other: &Self) -> Ordering {
        // Compare fee / bytes without division: the products are below 2^57 times 2^64.
        let left = u128::from(self.fee.units()) * other.bytes as u128;
        let right = u128::from(other.fee.units()) * self.bytes as u128;
        left.cmp(&right)
    }
}

impl PartialOrd for FeeRate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for FeeRate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for FeeRate {}

impl fmt::Display for FeeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths = self.of_kilobyte().units();
        let (whole, part) = (thousandths / 1_000, thousandths % 1_000);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let decimals = format!("{part:03}");
        write!(f, "{whole}.{}", decimals.trim_end_matches('0'))
    }
}

impl FromStr for FeeRate {
    type Err = ParseFeeRateError;

    /// Reads a decimal number: digits, at most one point, no sign, at most 3 decimals.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || ParseFeeRateError(text.chars().take(40).collect());
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) || part.len() > 3 {
            return Err(bad());
        }
        let thousandths: u64 = format!("0{whole}{part:0<3}").parse().map_err(|_| bad())?;
        Amount::from_units(thousandths).map(Self::per_kilobyte).map_err(|_| bad())
    }
}

serde_as_text!(FeeRate);

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(fee: u64, bytes: usize) -> FeeRate {
        FeeRate::new(Amount::from_units(fee).unwrap(), bytes)
    }

    #[test]
    fn rates_compare_as_fractions() {
        assert_eq!(rate(1, 100), rate(2, 200));
        assert!(rate(1, 99) > rate(1, 100));
        assert!(rate(0, 1) < rate(1, 1_000_000));
        assert_eq!(rate(0, 1), rate(0, 2));
    }

    #[test]
    fn fees_are_the_smallest_that_reach_or_exceed_a_rate() {
        for (rate, bytes) in [(rate(1, 3), 100), (rate(7, 200), 170), (rate(0, 9), 50), (rate(4, 2), 6)] {
            let (reach, pass) = (rate.fee_for(bytes).units(), rate.fee_above(bytes).units());
            let of = |fee: u64| self::rate(fee, bytes);
            assert!(of(reach) >= rate && (reach == 0 || of(reach - 1) < rate), "{rate}");
            assert!(of(pass) > rate && of(pass - 1) <= rate, "{rate}");
        }
        assert_eq!(rate(1, 3).plus(rate(1, 1)), rate(1_334, 1_000));
        assert_eq!(FeeRate::per_kilobyte(Amount::MAX).fee_for(usize::MAX), Amount::MAX);
    }

    #[test]
    fn texts_are_units_per_byte() {
        for (text, fee, bytes) in [("2", 2, 1), ("0.5", 1, 2), (".125", 1, 8), ("0", 0, 1), ("1000.", 1_000, 1)] {
            assert_eq!(text.parse(), Ok(rate(fee, bytes)), "{text}");
        }
        for (rate, text) in [(rate(2, 1), "2"), (rate(1, 2), "0.5"), (rate(1, 3), "0.334"), (rate(0, 7), "0")] {
            assert_eq!(rate.to_string(), text);
        }
        for text in ["", ".", "-1", "1.2345", "1,5", "99999999999999999999", "100000000000001"] {
            assert_eq!(text.parse::<FeeRate>(), Err(ParseFeeRateError(text.into())), "{text}");
        }
    }
}
