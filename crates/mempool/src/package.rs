use super::FeeRate;
use fedcoin_primitives::units::Amount;

/// A payment together with those it builds on, or with those that build on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// How many payments.
    pub count: usize,
    /// Their encoded size.
    pub bytes: usize,
    /// Their fees.
    pub fees: Amount,
}

impl Package {
    /// One payment alone.
    pub(super) const fn one(fee: Amount, bytes: usize) -> Self {
        Self { count: 1, bytes, fees: fee }
    }

    /// The fee per byte of all together.
    #[must_use]
    pub const fn rate(&self) -> FeeRate {
        FeeRate::new(self.fees, self.bytes)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.bytes += other.bytes;
        // No two waiting payments spend one output: all fees are parts of all money there is.
        self.fees = self.fees.checked_add(other.fees).unwrap_or(Amount::MAX);
    }

    /// Takes out payments that are in it.
    pub(super) fn subtract(&mut self, other: &Self) {
        self.count -= other.count;
        self.bytes -= other.bytes;
        self.fees = self.fees.saturating_sub(other.fees);
    }
}
