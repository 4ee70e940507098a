use crate::units::Amount;
use core::cmp::Ordering;

/// Fee per byte, compared exactly.
#[derive(Clone, Copy, Debug)]
pub struct FeeRate {
    fee: Amount,
    bytes: usize,
}

impl FeeRate {
    /// The rate of a payment of `bytes` (above 0) that leaves `fee`.
    #[must_use]
    pub const fn new(fee: Amount, bytes: usize) -> Self {
        Self { fee, bytes }
    }
}

impl Ord for FeeRate {
    fn cmp(&self, other: &Self) -> Ordering {
        // fee / bytes against fee / bytes without division: below 2^57 times below 2^64.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_compare_as_fractions() {
        let rate = |fee, bytes| FeeRate::new(Amount::from_fed(fee), bytes);
        assert_eq!(rate(1, 100), rate(2, 200));
        assert!(rate(1, 99) > rate(1, 100));
        assert!(rate(0, 1) < rate(1, 1_000_000));
        assert_eq!(rate(0, 1), rate(0, 2));
    }
}
