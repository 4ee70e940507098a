use crate::primitives::TxId;
use crate::units::Monotonic;
use crate::wire::MAX_INV;
use core::time::Duration;
use std::collections::BTreeSet;

/// The payments that a peer announced recently, so that they are not announced back to it.
///
/// Bound: 2 x [`MAX_INV`] ids, none older than 2 x [`KnownPayments::LIFETIME`]. A forgotten payment may be announced
/// once more.
pub(super) struct KnownPayments {
    young: BTreeSet<TxId>,
    old: BTreeSet<TxId>,
    since: Monotonic,
}

impl KnownPayments {
    const LIFETIME: Duration = Duration::from_secs(10 * 60);

    pub(super) fn new(now: Monotonic) -> Self {
        Self { young: BTreeSet::new(), old: BTreeSet::new(), since: now }
    }

    /// Whether the peer announced this payment.
    pub(super) fn contains(&self, txid: &TxId) -> bool {
        self.young.contains(txid) || self.old.contains(txid)
    }

    /// Records a payment.
    pub(super) fn insert(&mut self, txid: TxId) {
        if !self.contains(&txid) {
            self.young.insert(txid);
        }
        if self.young.len() >= MAX_INV {
            self.old = core::mem::take(&mut self.young);
        }
    }

    /// Forgets old entries.
    pub(super) fn expire(&mut self, now: Monotonic) {
        if now.since(self.since) >= Self::LIFETIME {
            self.since = now;
            self.old = core::mem::take(&mut self.young);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> TxId {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        TxId(bytes)
    }

    #[test]
    fn the_oldest_are_forgotten_by_number_and_age() {
        let mut known = KnownPayments::new(Monotonic(0));
        (0..3 * MAX_INV).for_each(|n| known.insert(id(n)));
        assert!(known.young.len() + known.old.len() <= 2 * MAX_INV);
        assert!(known.contains(&id(3 * MAX_INV - 1)) && !known.contains(&id(0)));
        known.insert(id(0));
        known.expire(Monotonic(1));
        assert!(known.contains(&id(0)));
        for minutes in [10, 20] {
            known.expire(Monotonic(minutes * 60_000));
        }
        assert!(!known.contains(&id(0)));
    }
}
