use crate::codec::serde_as_text;
use borsh::{BorshDeserialize, BorshSerialize};
use core::{fmt, iter::Sum, ops::Add, ops::Mul, ops::Sub, str::FromStr};
use ethnum::U256;

/// The largest number that a block's header hash may be (rule H3). A lower target is harder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target(U256);

/// A target as headers contain it: one byte exponent `e` and three bytes mantissa `m`, meaning `m * 256^(e-3)`. Only
/// the form whose mantissa begins with a non-zero byte is valid (rule H2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub struct CompactTarget(pub u32);

/// Expected number of hashes that a header or a chain took (rule F1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Work(U256);

/// A compact target that is not allowed in a header (rule H2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Zero, or not the canonical form of its value.
    #[error("compact target {0:#010x} is not in canonical form")]
    NotCanonical(u32),
    /// 2^256 or above.
    #[error("compact target {0:#010x} overflows 256 bits")]
    Overflow(u32),
}

impl Target {
    /// The easiest target: every hash meets it.
    pub const MAX: Self = Self(U256::MAX);

    /// Makes a target from its number, big-endian.
    #[must_use]
    pub fn from_be_bytes(bytes: [u8; 32]) -> Self {
        Self(U256::from_be_bytes(bytes))
    }

    /// The number, big-endian.
    #[must_use]
    pub fn to_be_bytes(self) -> [u8; 32] {
        self.0.to_be_bytes()
    }

    /// Whether a header's hash, read as a little-endian number, is low enough (rule H3).
    #[must_use]
    pub fn is_met_by(self, hash: &[u8; 32]) -> bool {
        U256::from_le_bytes(*hash) <= self.0
    }

    /// The work that a header with this target proves: `2^256 / (target + 1)`.
    #[must_use]
    pub fn work(self) -> Work {
        if self.0 == U256::MAX {
            return Work(U256::ONE);
        }
        let divisor = self.0 + 1;
        // 2^256 / d = (2^256 - d) / d + 1, which fits.
        Work((U256::MAX - self.0) / divisor + 1)
    }

    /// Twice as easy this many times, and no easier than `easiest`.
    #[must_use]
    pub fn eased(self, doublings: u64, easiest: Self) -> Self {
        match u32::try_from(doublings) {
            Ok(doublings) if doublings <= self.0.leading_zeros() => Self((self.0 << doublings).min(easiest.0)),
            _ => easiest,
        }
    }

    /// The canonical compact form, rounding the target down to three significant bytes.
    #[must_use]
    pub fn to_compact(self) -> CompactTarget {
        let bytes = 32 - self.0.leading_zeros() / 8;
        let mantissa = if bytes <= 3 { self.0 << (8 * (3 - bytes)) } else { self.0 >> (8 * (bytes - 3)) };
        CompactTarget(bytes << 24 | mantissa.as_u32())
    }
}

impl CompactTarget {
    /// The target that this form means.
    ///
    /// # Errors
    /// Rule H2: [`TargetError`] when it is not canonical, zero, or too large.
    pub fn expand(self) -> Result<Target, TargetError> {
        let (exponent, mantissa) = (self.0 >> 24, U256::from(self.0 & 0x00ff_ffff));
        if exponent > 32 {
            return Err(TargetError::Overflow(self.0));
        }
        let target = if exponent < 3 {
            Target(mantissa >> (8 * (3 - exponent)))
        } else {
            Target(mantissa << (8 * (exponent - 3)))
        };
        if target.0 == 0 || target.to_compact() != self {
            return Err(TargetError::NotCanonical(self.0));
        }
        Ok(target)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:064x}", self.0)
    }
}

impl fmt::Display for CompactTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl Work {
    /// No work.
    pub const ZERO: Self = Self(U256::ZERO);

    /// The number of hashes as floating point, for display.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0.as_f64()
    }
}

impl Add for Work {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Work {
    type Output = Self;
    /// The difference, or zero if `other` is larger.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Mul<u32> for Work {
    type Output = Self;
    fn mul(self, times: u32) -> Self {
        Self(self.0.saturating_mul(times.into()))
    }
}

impl Sum for Work {
    fn sum<I: Iterator<Item = Self>>(works: I) -> Self {
        works.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl BorshSerialize for Work {
    fn serialize<W: borsh::io::Write>(&self, writer: &mut W) -> borsh::io::Result<()> {
        writer.write_all(&self.0.to_be_bytes())
    }
}

impl BorshDeserialize for Work {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        <[u8; 32]>::deserialize_reader(reader).map(|b| Self(U256::from_be_bytes(b)))
    }
}

impl FromStr for CompactTarget {
    type Err = ParseTargetError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u32::from_str_radix(text.trim_start_matches("0x"), 16)
            .map(Self)
            .map_err(|_| ParseTargetError(text.chars().take(40).collect()))
    }
}

/// A text is not a compact target or a number of hashes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is malformed: write a target as 8 hex digits, work as decimal digits")]
pub struct ParseTargetError(pub String);

impl FromStr for Work {
    type Err = ParseTargetError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        U256::from_str_radix(text, 10).map(Self).map_err(|_| ParseTargetError(text.chars().take(80).collect()))
    }
}

serde_as_text!(CompactTarget, Work);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classroom_target_means_four_leading_zeros() {
        let target = CompactTarget(0x1eff_ffff).expand().unwrap();
        assert!(target.to_string().starts_with("0000ffffff000000"));
        assert_eq!(target.to_compact(), CompactTarget(0x1eff_ffff));
        assert_eq!(target.work().to_string(), "65536");
    }

    #[test]
    fn only_the_canonical_form_is_valid() {
        for bad in [0, 0x2000_ffff, 0x0001_0000, 0x2000_0000, 0x0200_0100, 0x0100_00ff] {
            assert_eq!(CompactTarget(bad).expand(), Err(TargetError::NotCanonical(bad)), "{bad:#x}");
        }
        assert_eq!(CompactTarget(0x2101_0000).expand(), Err(TargetError::Overflow(0x2101_0000)));
        for good in [0x2012_3456, 0x0412_3456, 0x0312_3456, 0x0212_3400, 0x0112_0000, 0x20ff_ffff] {
            assert_eq!(CompactTarget(good).expand().unwrap().to_compact(), CompactTarget(good), "{good:#x}");
        }
    }

    #[test]
    fn extreme_targets_have_their_work() {
        assert_eq!(Target::MAX.work(), Work(U256::ONE));
        assert_eq!(Target(U256::ONE).work(), Work(U256::ONE << 255));
        assert_eq!(Target(U256::MAX - 1).work(), Work(U256::ONE));
    }

    #[test]
    fn hashes_are_little_endian_numbers() {
        let target = CompactTarget(0x1eff_ffff).expand().unwrap();
        let mut hash = [0xff; 32];
        hash[30] = 0;
        hash[31] = 0;
        assert!(!target.is_met_by(&hash));
        hash[29] = 0xfe;
        assert!(target.is_met_by(&hash));
        hash[31] = 1;
        assert!(!target.is_met_by(&hash));
    }
}
