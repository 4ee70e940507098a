use crate::peers::PeerId;
use crate::primitives::{Payment, TxId};
use crate::units::Monotonic;
use core::time::Duration;
use std::collections::BTreeMap;

/// Payments that spend outputs nobody has told of yet: parent and child may come in any order.
///
/// Bound: [`OrphanPayments::MAX`] of at most [`OrphanPayments::MAX_BYTES`] each, for
/// [`OrphanPayments::LIFETIME`]. When full, the oldest of the peer that sent most makes room: a flood
/// pushes out none but its own.
#[derive(Default)]
pub(super) struct OrphanPayments(BTreeMap<TxId, Orphan>);

struct Orphan {
    payment: Payment,
    /// The transaction that makes the missing output.
    parent: TxId,
    peer: PeerId,
    since: Monotonic,
}

impl OrphanPayments {
    const MAX: usize = 100;
    const MAX_BYTES: usize = 10_000;
    const LIFETIME: Duration = Duration::from_secs(5 * 60);

    pub(super) fn contains(&self, txid: &TxId) -> bool {
        self.0.contains_key(txid)
    }

    pub(super) fn insert(&mut self, payment: Payment, parent: TxId, peer: PeerId, now: Monotonic) {
        if payment.size() > Self::MAX_BYTES {
            return;
        }
        self.0.insert(payment.txid(), Orphan { payment, parent, peer, since: now });
        if self.0.len() > Self::MAX {
            let mut sent: BTreeMap<PeerId, usize> = BTreeMap::new();
            self.0.values().for_each(|orphan| *sent.entry(orphan.peer).or_default() += 1);
            let most = sent.into_iter().max_by_key(|(_, count)| *count).map(|(peer, _)| peer);
            let of_most = self.0.iter().filter(|(_, orphan)| Some(orphan.peer) == most);
            let oldest = of_most.min_by_key(|(_, orphan)| orphan.since).map(|(txid, _)| *txid);
            oldest.map(|txid| self.0.remove(&txid));
        }
    }

    /// Takes out the payments that waited for one of these.
    pub(super) fn take_children(&mut self, parents: &[TxId]) -> Vec<(Payment, PeerId)> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let ready: Vec<TxId> =
            self.0.iter().filter(|(_, o)| parents.contains(&o.parent)).map(|(txid, _)| *txid).collect();
        ready.iter().filter_map(|txid| self.0.remove(txid)).map(|o| (o.payment, o.peer)).collect()
    }

    pub(super) fn expire(&mut self, now: Monotonic) {
        self.0.retain(|_, o| now.since(o.since) < Self::LIFETIME);
    }
}
