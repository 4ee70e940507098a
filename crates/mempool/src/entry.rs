use super::{DropReason, Dropped, FeeRate, Package};
use fedcoin_consensus::SoundPayment;
use fedcoin_primitives::units::{Amount, Monotonic};
use fedcoin_primitives::{Payment, PaymentHash, TxId};
use std::collections::BTreeSet;

/// A payment in the mempool.
#[derive(Clone, Debug)]
pub struct PoolEntry {
    pub(super) payment: SoundPayment,
    pub(super) fee: Amount,
    pub(super) bytes: usize,
    /// When it came.
    pub(super) entered: Monotonic,
    /// Its place in the order of entry: above those of all that it builds on.
    pub(super) sequence: u64,
    /// Payments in the pool whose outputs it spends.
    pub(super) parents: BTreeSet<TxId>,
    /// Payments in the pool that spend its outputs.
    pub(super) children: BTreeSet<TxId>,
    pub(super) ancestors: Package,
    pub(super) descendants: Package,
}

impl PoolEntry {
    /// The payment.
    #[must_use]
    pub const fn payment(&self) -> &Payment {
        self.payment.payment()
    }

    /// Its id.
    #[must_use]
    pub const fn txid(&self) -> TxId {
        self.payment.txid()
    }

    /// Its hash, signature included.
    #[must_use]
    pub const fn hash(&self) -> PaymentHash {
        self.payment.hash()
    }

    /// What it leaves to the miner.
    #[must_use]
    pub const fn fee(&self) -> Amount {
        self.fee
    }

    /// Its encoded size.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Its fee per byte.
    #[must_use]
    pub const fn fee_rate(&self) -> FeeRate {
        FeeRate::new(self.fee, self.bytes)
    }

    /// It and all in the pool that it builds on.
    #[must_use]
    pub const fn with_ancestors(&self) -> Package {
        self.ancestors
    }

    /// It and all in the pool that build on it.
    #[must_use]
    pub const fn with_descendants(&self) -> Package {
        self.descendants
    }

    /// It as it leaves among `all`: for the reason for which the `first` leave, or because it builds on them.
    pub(super) fn dropped(&self, first: &BTreeSet<TxId>, all: &BTreeSet<TxId>, reason: &DropReason) -> Dropped {
        let txid = self.txid();
        let parent = self.parents.intersection(all).next().filter(|_| !first.contains(&txid));
        let reason = parent.map_or_else(|| reason.clone(), |parent| DropReason::ParentDropped { parent: *parent });
        Dropped { txid, reason }
    }

    /// It alone.
    pub(super) const fn alone(&self) -> Package {
        Package::one(self.fee, self.bytes)
    }

    /// What it is worth to keep, if these are it and its descendants: a good child makes its
    /// parents worth keeping, a bad one does not make them worse (rule P4).
    pub(super) fn keep_rate(&self, descendants: &Package) -> FeeRate {
        self.fee_rate().max(descendants.rate())
    }

    /// What it is worth to mine, if these are it and those to be mined with it: never more than
    /// itself, so that a good parent does not speed its children up (rule P6).
    pub(super) fn mining_rate(&self, ancestors: &Package) -> FeeRate {
        self.fee_rate().min(ancestors.rate())
    }
}
