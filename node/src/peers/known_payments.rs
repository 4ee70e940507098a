use crate::collections::HashSet;
use crate::primitives::TxId;
use crate::units::Monotonic;
use crate::wire::MAX_INV;
use core::time::Duration;

/// The payments that a peer has or has been told of lately, so that it is told of each once.
///
/// Bound: 2 x [`MAX_INV`] ids, none older than 2 x [`KnownPayments::LIFETIME`]; a payment
/// forgotten is at worst told once more.
pub(crate) struct KnownPayments {
    young: HashSet<TxId>,
    old: HashSet<TxId>,
    since: Monotonic,
}

impl KnownPayments {
    const LIFETIME: Duration = Duration::from_secs(10 * 60);

    pub(crate) fn new(now: Monotonic) -> Self {
        Self { young: HashSet::default(), old: HashSet::default(), since: now }
    }

    /// Notes a payment; whether it was not known.
    pub(crate) fn insert(&mut self, txid: TxId) -> bool {
        if self.old.contains(&txid) || !self.young.insert(txid) {
            return false;
        }
        if self.young.len() >= MAX_INV {
            self.old = core::mem::take(&mut self.young);
        }
        true
    }

    /// Forgets what is old.
    pub(crate) fn expire(&mut self, now: Monotonic) {
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
    fn the_oldest_are_forgotten_by_number_and_by_age() {
        let mut known = KnownPayments::new(Monotonic(0));
        assert!((0..3 * MAX_INV).all(|n| known.insert(id(n))));
        assert!(known.young.len() + known.old.len() <= 2 * MAX_INV);
        assert!(!known.insert(id(3 * MAX_INV - 1)) && known.insert(id(0)));
        known.expire(Monotonic(1));
        assert!(!known.insert(id(0)));
        for minutes in [10, 20] {
            known.expire(Monotonic(minutes * 60_000));
        }
        assert!(known.insert(id(0)));
    }
}
