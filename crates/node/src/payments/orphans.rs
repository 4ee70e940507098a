use crate::peer_id::PeerId;
use crate::primitives::{Payment, PaymentHash, TxId};
use crate::units::Monotonic;
use core::time::Duration;
use std::collections::BTreeMap;

/// Payments that spend unknown outputs: parent and child may arrive in any order.
///
/// Bound: [`OrphanPayments::MAX`] of at most [`OrphanPayments::MAX_BYTES`] each, for [`OrphanPayments::LIFETIME`]. When
/// full, the oldest orphan of the peer that sent most is dropped, so a flood displaces only its own. All disconnected
/// peers count as one, so reconnecting does not help.
///
/// Several may share an id: only the parent shows whose signature is the true one.
#[derive(Default)]
pub(super) struct OrphanPayments(BTreeMap<(TxId, PaymentHash), Orphan>);

struct Orphan {
    payment: Payment,
    /// The transaction that has the missing output.
    parent: TxId,
    peer: PeerId,
    /// Whether the sender has disconnected.
    disconnected: bool,
    since: Monotonic,
}

impl Orphan {
    /// The peer whose quota it counts towards.
    fn sender(&self) -> Option<PeerId> {
        (!self.disconnected).then_some(self.peer)
    }
}

impl OrphanPayments {
    const MAX: usize = 100;
    const MAX_BYTES: usize = 10_000;
    const LIFETIME: Duration = Duration::from_secs(5 * 60);

    pub(super) fn contains(&self, txid: &TxId) -> bool {
        self.0.range((*txid, PaymentHash::default())..).next().is_some_and(|((found, _), _)| found == txid)
    }

    /// Keeps a payment until its parent arrives; `gone` says whether its sender has disconnected.
    pub(super) fn insert(&mut self, payment: Payment, parent: TxId, peer: PeerId, disconnected: bool, now: Monotonic) {
        if payment.size() > Self::MAX_BYTES {
            return;
        }
        let key = (payment.txid(), payment.hash());
        self.0.insert(key, Orphan { payment, parent, peer, disconnected, since: now });
        if self.0.len() > Self::MAX {
            let mut sent: BTreeMap<Option<PeerId>, usize> = BTreeMap::new();
            self.0.values().for_each(|orphan| *sent.entry(orphan.sender()).or_default() += 1);
            let most = sent.into_iter().max_by_key(|(_, count)| *count).map(|(sender, _)| sender);
            let of_most = self.0.iter().filter(|(_, orphan)| Some(orphan.sender()) == most);
            let oldest = of_most.min_by_key(|(_, orphan)| orphan.since).map(|(key, _)| *key);
            oldest.map(|key| self.0.remove(&key));
        }
    }

    /// Removes and returns the payments that waited for one of these.
    pub(super) fn take_children(&mut self, parents: &[TxId]) -> Vec<(Payment, PeerId)> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let ready: Vec<(TxId, PaymentHash)> =
            self.0.iter().filter(|(_, o)| parents.contains(&o.parent)).map(|(key, _)| *key).collect();
        ready.iter().filter_map(|key| self.0.remove(key)).map(|o| (o.payment, o.peer)).collect()
    }

    /// Records that a peer has disconnected.
    pub(super) fn peer_disconnected(&mut self, peer: PeerId) {
        self.0.values_mut().filter(|orphan| orphan.peer == peer).for_each(|orphan| orphan.disconnected = true);
    }

    pub(super) fn expire(&mut self, now: Monotonic) {
        self.0.retain(|_, o| now.since(o.since) < Self::LIFETIME);
    }
}
