use super::FeeRate;
use crate::consensus::SoundPayment;
use crate::primitives::{Payment, TxId};
use crate::units::{Amount, Monotonic};
use std::collections::BTreeSet;

/// A payment in the mempool.
#[derive(Clone, Debug)]
pub struct PoolEntry {
    pub(super) payment: SoundPayment,
    pub(super) fee: Amount,
    pub(super) bytes: usize,
    /// When it came.
    pub(super) entered: Monotonic,
    /// Its place in the order of entry.
    pub(super) sequence: u64,
    /// Payments in the pool whose outputs it spends.
    pub(super) parents: BTreeSet<TxId>,
    /// Payments in the pool that spend its outputs.
    pub(super) children: BTreeSet<TxId>,
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
}
