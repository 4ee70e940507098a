use super::FeeRate;
use fedcoin_primitives::units::Amount;

/// A payment together with its ancestors, or with its descendants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// Number of payments.
    pub count: usize,
    /// Their encoded size.
    pub bytes: usize,
    /// The sum of their fees.
    pub fees: Amount,
}

impl Package {
    /// One payment alone.
    pub(super) const fn one(fee: Amount, bytes: usize) -> Self {
        Self { count: 1, bytes, fees: fee }
    }

    /// The fee per byte of the whole package.
    #[must_use]
    pub const fn rate(&self) -> FeeRate {
        FeeRate::new(self.fees, self.bytes)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.bytes += other.bytes;
        // No two waiting payments spend the same output, so all fees are part of the supply.
        self.fees = self.fees.checked_add(other.fees).unwrap_or(Amount::MAX);
    }

    /// Removes payments that are in the package.
    pub(super) fn subtract(&mut self, other: &Self) {
        self.count -= other.count;
        self.bytes -= other.bytes;
        self.fees = self.fees.saturating_sub(other.fees);
    }
}
