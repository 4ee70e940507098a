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
    /// When it entered.
    pub(super) entered: Monotonic,
    /// Its number in the order of entry, higher than those of its ancestors.
    pub(super) sequence: u64,
    /// Payments in the mempool whose outputs it spends.
    pub(super) parents: BTreeSet<TxId>,
    /// Payments in the mempool that spend its outputs.
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

    /// Its hash, with the signature.
    #[must_use]
    pub const fn hash(&self) -> PaymentHash {
        self.payment.hash()
    }

    /// The payment's fee.
    #[must_use]
    pub const fn fee(&self) -> Amount {
        self.fee
    }

    /// When it entered the mempool.
    #[must_use]
    pub const fn entered(&self) -> Monotonic {
        self.entered
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

    /// The payment with all its ancestors in the mempool.
    #[must_use]
    pub const fn with_ancestors(&self) -> Package {
        self.ancestors
    }

    /// The payment with all its descendants in the mempool.
    #[must_use]
    pub const fn with_descendants(&self) -> Package {
        self.descendants
    }

    /// The drop report of this payment among `all` that leave: for `reason` if it is one of the `first`, otherwise
    /// because its parent was dropped.
    pub(super) fn dropped(&self, first: &BTreeSet<TxId>, all: &BTreeSet<TxId>, reason: &DropReason) -> Dropped {
        let txid = self.txid();
        let parent = self.parents.intersection(all).next().filter(|_| !first.contains(&txid));
        let reason = parent.map_or_else(|| reason.clone(), |parent| DropReason::ParentDropped { parent: *parent });
        Dropped { txid, reason }
    }

    /// The payment alone.
    pub(super) const fn alone(&self) -> Package {
        Package::one(self.fee, self.bytes)
    }

    /// The priority for keeping the payment, given the package of it and its descendants: a child with a high fee rate
    /// raises its parents, one with a low rate does not lower them (rule P4).
    pub(super) fn keep_rate(&self, descendants: &Package) -> FeeRate {
        self.fee_rate().max(descendants.rate())
    }

    /// The priority for mining the payment, given the package of it and its unmined ancestors: never above its own fee
    /// rate, so that a parent with a high rate does not raise its children (rule P6).
    pub(super) fn mining_rate(&self, ancestors: &Package) -> FeeRate {
        self.fee_rate().min(ancestors.rate())
    }
}
