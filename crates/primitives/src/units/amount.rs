use borsh::{BorshDeserialize, BorshSerialize};
use core::{fmt, str::FromStr};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A sum of money in units; 100,000,000 units are one FED.
///
/// Decoding accepts every number of units, so that rules T6 and B6 can judge it. Amounts that this program computes or
/// people write are at most [`Amount::MAX`]. The text is a decimal number of FED.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct Amount(u64);

/// An amount is above [`Amount::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("amount is above {} FED", Amount::MAX)]
pub struct AmountError;

/// A text is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseAmountError {
    /// A character that is neither a digit nor a decimal point.
    #[error("`{0}` is not an amount: write a number of FED such as 2 or 0.5")]
    NotANumber(String),
    /// More than 8 decimals, which units cannot express.
    #[error("`{0}` has more than 8 decimals; the smallest amount is 0.00000001 FED")]
    TooPrecise(String),
    /// Above [`Amount::MAX`].
    #[error("`{0}` is above the largest amount, {max} FED", max = Amount::MAX)]
    TooLarge(String),
}

impl Amount {
    /// Zero units.
    pub const ZERO: Self = Self(0);
    /// Number of units in one FED.
    pub const UNITS_PER_FED: u64 = 100_000_000;
    /// The largest amount that any transaction, block or balance may hold: a thousand million FED.
    pub const MAX: Self = Self(1_000_000_000 * Self::UNITS_PER_FED);

    /// Makes an amount of `units`.
    ///
    /// # Errors
    /// [`AmountError`] above [`Amount::MAX`].
    pub const fn from_units(units: u64) -> Result<Self, AmountError> {
        if units > Self::MAX.0 { Err(AmountError) } else { Ok(Self(units)) }
    }

    /// Makes an amount of whole FED, for constants.
    #[must_use]
    pub const fn from_fed(fed: u32) -> Self {
        let units = fed as u64 * Self::UNITS_PER_FED;
        assert!(units <= Self::MAX.0, "a constant within range");
        Self(units)
    }

    /// The number of units.
    #[must_use]
    pub const fn units(self) -> u64 {
        self.0
    }

    /// The sum, or `None` above [`Amount::MAX`].
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_units(self.0.checked_add(other.0)?).ok()
    }

    /// The difference, or `None` if `other` is larger.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The difference, or zero if `other` is larger.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The sum, or [`Amount::MAX`] if that is less. A chain of unmined payments may move the same money several times.
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        self.checked_add(other).unwrap_or(Self::MAX)
    }

    /// The sum of all amounts, or `None` once it exceeds [`Amount::MAX`].
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The sum of all amounts, or [`Amount::MAX`] if that is less.
    pub fn saturating_sum(amounts: impl IntoIterator<Item = Self>) -> Self {
        Self::checked_sum(amounts).unwrap_or(Self::MAX)
    }

    /// Halves the amount `times` times, rounding down.
    #[must_use]
    pub const fn halved(self, times: u32) -> Self {
        Self(if times >= 64 { 0 } else { self.0 >> times })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / Self::UNITS_PER_FED, self.0 % Self::UNITS_PER_FED);
        if part == 0 {
            return write!(f, "{whole}");
        }
        let decimals = format!("{part:08}");
        write!(f, "{whole}.{}", decimals.trim_end_matches('0'))
    }
}

impl FromStr for Amount {
    type Err = ParseAmountError;

    /// Reads a decimal number of FED: digits, at most one point, no sign, at most 8 decimals.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let amount = Self::parse(text)?;
        if amount > Self::MAX { Err(ParseAmountError::TooLarge(shown(text))) } else { Ok(amount) }
    }
}

impl Amount {
    /// Like [`FromStr`], without the bound.
    fn parse(text: &str) -> Result<Self, ParseAmountError> {
        let text = text.trim();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) {
            return Err(ParseAmountError::NotANumber(shown(text)));
        }
        if part.trim_end_matches('0').len() > 8 {
            return Err(ParseAmountError::TooPrecise(shown(text)));
        }
        let part = format!("{:0<8}", part.trim_end_matches('0'));
        let units = format!("{whole}{part}");
        let units = units.trim_start_matches('0');
        let units = if units.is_empty() { Ok(0) } else { units.parse() };
        units.map(Self).map_err(|_| ParseAmountError::TooLarge(shown(text)))
    }
}

/// The start of a text, as far as an error repeats it.
fn shown(text: &str) -> String {
    text.trim().chars().take(40).collect()
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    /// Accepts every number of units, because errors contain invalid amounts.
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&<String as Deserialize>::deserialize(d)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_units_agree() {
        for (text, units) in [("0", 0), ("2", 200_000_000), ("0.5", 50_000_000), ("0.00000001", 1), (".25", 25_000_000)]
        {
            assert_eq!(text.parse::<Amount>().unwrap().units(), units, "{text}");
        }
        assert_eq!(Amount(123_456_780).to_string(), "1.2345678");
        assert_eq!("1.500000000000".parse::<Amount>().unwrap().to_string(), "1.5");
        assert_eq!("000000000000000000000000002".parse::<Amount>().unwrap().to_string(), "2");
    }

    #[test]
    fn each_bad_text_gets_its_error() {
        for text in ["", ".", "-1", "1e3", "1,5", "1.2.3", "two", "+1", "0x10"] {
            assert_eq!(text.parse::<Amount>(), Err(ParseAmountError::NotANumber(text.into())), "{text}");
        }
        assert!(matches!("0.000000001".parse::<Amount>(), Err(ParseAmountError::TooPrecise(_))));
        assert!(matches!("1000000000.00000001".parse::<Amount>(), Err(ParseAmountError::TooLarge(_))));
        assert!(matches!("99999999999999999999999".parse::<Amount>(), Err(ParseAmountError::TooLarge(_))));
    }

    #[test]
    fn sums_stop_at_the_maximum() {
        assert_eq!(Amount::MAX.checked_add(Amount(1)), None);
        assert_eq!(Amount::checked_sum([Amount(1), Amount(2)]), Some(Amount(3)));
        assert_eq!(Amount::saturating_sum([Amount(1), Amount(2)]), Amount(3));
        assert_eq!(Amount::saturating_sum([Amount::MAX, Amount(1)]), Amount::MAX);
        let decoded = |units: u64| borsh::from_slice::<Amount>(&units.to_le_bytes()).unwrap();
        for units in [Amount::MAX.0 + 1, u64::MAX - 1, u64::MAX] {
            assert_eq!(decoded(units).units(), units);
            assert_eq!(decoded(units).checked_add(decoded(u64::MAX)), None);
            assert_eq!(Amount::checked_sum([decoded(units)]), None);
            let text = serde_json::to_string(&decoded(units)).unwrap();
            assert_eq!(serde_json::from_str::<Amount>(&text).unwrap(), decoded(units), "{text}");
            assert!(decoded(units).to_string().parse::<Amount>().is_err());
        }
        assert_eq!(Amount::from_fed(50).halved(1), Amount::from_fed(25));
        assert_eq!(Amount::from_fed(50).halved(64), Amount::ZERO);
    }
}
