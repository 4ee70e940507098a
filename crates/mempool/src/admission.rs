use super::room::Room;
use super::{
    DropReason, Dropped, FEE_STEP, FeeRate, MAX_ANCESTORS, MAX_DESCENDANTS, MAX_PACKAGE_BYTES, MAX_REPLACED, Mempool,
    Package, PoolEntry, PoolError,
};
use fedcoin_consensus::ledger::{Utxo, UtxoSet};
use fedcoin_consensus::{ChainParams, SoundPayment, WellFormedPayment, check_payment_in_utxo_context};
use fedcoin_primitives::units::{Amount, Height, Monotonic};
use fedcoin_primitives::{OutPoint, Payment, TxId, UnsignedPayment};
use std::collections::BTreeSet;

/// The context for checks of a payment, besides the mempool itself.
#[derive(Clone, Copy, Debug)]
pub struct PoolContext<'a> {
    /// The ledger.
    pub utxos: &'a UtxoSet,
    /// The height of the next block.
    pub next_height: Height,
    /// The network's rules.
    pub params: &'a ChainParams,
    /// The current time.
    pub now: Monotonic,
}

/// The effects of an insertion.
pub(super) struct Admission {
    pub(super) fee: Amount,
    pub(super) parents: BTreeSet<TxId>,
    /// Payments that leave for it, children before parents.
    pub(super) leaving: Vec<Dropped>,
    /// The keep rate of the last displaced payment.
    pushed_out: Option<FeeRate>,
}

/// Whether the fee rules apply to a payment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Terms {
    /// It is new: rules P7 and P8 apply.
    New,
    /// It was in a block or in this mempool before: they do not (rule P16).
    Returned,
}

impl Mempool {
    /// Whether the mempool would accept a payment now, apart from its signature. Call it before an expensive signature
    /// check.
    ///
    /// # Errors
    /// The first [`PoolError`] found.
    pub fn admit(&self, payment: &WellFormedPayment, context: &PoolContext<'_>) -> Result<(), PoolError> {
        self.admission(payment, context, Terms::New).map(|_| ())
    }

    /// Checks that a payment would not replace any waiting payment.
    ///
    /// # Errors
    /// [`PoolError::CoinTaken`].
    pub fn check_coins_free(&self, payment: &Payment) -> Result<(), PoolError> {
        let own = payment.txid();
        for outpoint in &payment.unsigned.inputs {
            if let Some(with) = self.spender(outpoint).filter(|with| *with != own) {
                return Err(PoolError::CoinTaken { outpoint: *outpoint, with });
            }
        }
        Ok(())
    }

    /// Adds a payment. Returns the payments that had to leave, children before parents: those that it replaces (rule
    /// P2), and those with the lowest keep rates (rule P4).
    ///
    /// # Errors
    /// The first [`PoolError`] found; the mempool is then unchanged.
    pub fn insert(&mut self, payment: SoundPayment, context: &PoolContext<'_>) -> Result<Vec<Dropped>, PoolError> {
        self.place(payment, context, Terms::New, context.now)
    }

    /// The minimum fee rate of new payments at this time (rules P7 and P8).
    #[must_use]
    pub fn minimum_fee_rate(&self, now: Monotonic) -> FeeRate {
        self.policy.min_fee_rate.max(self.rising_minimum.at(now))
    }

    pub(super) fn place(
        &mut self,
        payment: SoundPayment,
        context: &PoolContext<'_>,
        terms: Terms,
        entered: Monotonic,
    ) -> Result<Vec<Dropped>, PoolError> {
        let admission = self.admission(payment.as_well_formed(), context, terms)?;
        for leaving in &admission.leaving {
            self.remove(&leaving.txid);
        }
        self.add(payment, admission.fee, admission.parents, entered);
        if let Some(rate) = admission.pushed_out {
            self.rising_minimum.rise(rate, context.now);
        }
        Ok(admission.leaving)
    }

    /// Checks all rules of the mempool, cheapest first.
    fn admission(
        &self,
        payment: &WellFormedPayment,
        context: &PoolContext<'_>,
        terms: Terms,
    ) -> Result<Admission, PoolError> {
        if self.contains(&payment.txid()) {
            return Err(PoolError::Known);
        }
        let (unsigned, bytes) = (&payment.payment().unsigned, payment.payment().size());
        let conflicts = self.replaceable_conflicts(unsigned)?;
        let fee = self.check_in_context(unsigned, context)?;
        if terms == Terms::New {
            self.check_fee(fee, bytes, context.now)?;
        }
        let parents: BTreeSet<TxId> =
            unsigned.inputs.iter().map(|input| input.txid).filter(|txid| self.contains(txid)).collect();
        let ancestors = self.checked_ancestors(&parents, bytes)?;

        let (mut room, package) = (Room::new(self), Package::one(fee, bytes));
        if !conflicts.is_empty() {
            self.check_replacement(&package, &parents, &ancestors, &conflicts)?;
            room.leave(conflicts, &DropReason::Replaced { by: payment.txid() });
        }
        room.come(&package, &ancestors);
        check_descendants(&ancestors, &room)?;
        let pushed_out = room.fit(package.rate(), &ancestors).map_err(|()| PoolError::Full)?;
        Ok(Admission { fee, parents, leaving: room.into_leaving(), pushed_out })
    }

    /// The payments that spend the same outputs, all of which must be replaceable (rule P2).
    fn replaceable_conflicts(&self, payment: &UnsignedPayment) -> Result<BTreeSet<TxId>, PoolError> {
        let mut conflicts = BTreeSet::new();
        for outpoint in &payment.inputs {
            let Some(with) = self.spender(outpoint) else { continue };
            if !self.get(&with).is_some_and(|earlier| earlier.unsigned.replaceable) {
                return Err(PoolError::Conflict { outpoint: *outpoint, with });
            }
            conflicts.insert(with);
        }
        Ok(conflicts)
    }

    /// Rules C1 to C4 against the ledger and the waiting payments. Returns the fee.
    fn check_in_context(&self, payment: &UnsignedPayment, context: &PoolContext<'_>) -> Result<Amount, PoolError> {
        let waiting = |outpoint: &OutPoint| {
            let outputs = &self.get(&outpoint.txid)?.unsigned.outputs;
            let output = *outputs.get(usize::try_from(outpoint.index).ok()?)?;
            Some(Utxo { output, height: context.next_height, coinbase: false })
        };
        let lookup = |outpoint: &OutPoint| context.utxos.get(outpoint).or_else(|| waiting(outpoint));
        Ok(check_payment_in_utxo_context(payment, lookup, context.next_height, context.params)?)
    }

    /// Rules P7 and P8.
    fn check_fee(&self, got: Amount, bytes: usize, now: Monotonic) -> Result<(), PoolError> {
        let min = self.policy.min_fee_rate.fee_for(bytes);
        if got < min {
            return Err(PoolError::FeeTooLow { got, min });
        }
        let min = self.rising_minimum.at(now).fee_for(bytes);
        if got < min { Err(PoolError::BelowRisingMinimum { got, min }) } else { Ok(()) }
    }

    /// The ancestors of a payment of `bytes` bytes with these parents (rule P3).
    fn checked_ancestors(&self, parents: &BTreeSet<TxId>, bytes: usize) -> Result<Vec<&PoolEntry>, PoolError> {
        let too_many = |got| PoolError::TooManyAncestors { got, max: MAX_ANCESTORS };
        // Each parent has few ancestors, but there may be thousands of parents.
        if parents.len() > MAX_ANCESTORS {
            return Err(too_many(parents.len()));
        }
        let ancestors = self.with_ancestors(parents.iter().copied());
        if ancestors.len() > MAX_ANCESTORS {
            return Err(too_many(ancestors.len()));
        }
        let got = bytes + ancestors.iter().map(|entry| entry.bytes).sum::<usize>();
        if got > MAX_PACKAGE_BYTES {
            return Err(PoolError::AncestorsTooLarge { got, max: MAX_PACKAGE_BYTES });
        }
        Ok(ancestors)
    }

    /// Checks that a payment may replace `conflicts` and their descendants: rules P10 to P14.
    fn check_replacement(
        &self,
        new: &Package,
        parents: &BTreeSet<TxId>,
        ancestors: &[&PoolEntry],
        conflicts: &BTreeSet<TxId>,
    ) -> Result<(), PoolError> {
        let got = new.fees;
        // Each conflict has few descendants, but there may be thousands of conflicts.
        if conflicts.len() > MAX_REPLACED {
            return Err(PoolError::ReplacesTooMany { got: conflicts.len(), max: MAX_REPLACED });
        }
        let direct = || conflicts.iter().filter_map(|txid| self.entries.get(txid));
        for entry in direct() {
            let min = entry.fee_rate().fee_above(new.bytes);
            if got < min {
                return Err(PoolError::ReplacementRate { replaced: entry.txid(), got, min });
            }
        }
        let replaced = self.with_descendants(conflicts.iter().copied());
        if replaced.len() > MAX_REPLACED {
            return Err(PoolError::ReplacesTooMany { got: replaced.len(), max: MAX_REPLACED });
        }
        if let Some(entry) = ancestors.iter().find(|a| replaced.iter().any(|r| r.txid() == a.txid())) {
            return Err(PoolError::BuildsOnReplaced { ancestor: entry.txid() });
        }
        let mut fees = Amount::ZERO;
        for fee in replaced.iter().map(|entry| entry.fee).chain([FEE_STEP.fee_for(new.bytes)]) {
            fees = fees.checked_add(fee).unwrap_or(Amount::MAX);
        }
        if got < fees {
            return Err(PoolError::ReplacementFee { got, min: fees });
        }
        let known: BTreeSet<TxId> = direct().flat_map(|entry| entry.parents.iter().copied()).collect();
        match parents.difference(&known).next() {
            Some(parent) => Err(PoolError::NewUnminedParent { parent: *parent }),
            None => Ok(()),
        }
    }
}

/// Rule P9, after the new payment has been added and the replaced ones removed.
fn check_descendants(ancestors: &[&PoolEntry], room: &Room<'_>) -> Result<(), PoolError> {
    for entry in ancestors {
        let (of, package) = (entry.txid(), room.descendants(entry));
        let got = package.count - 1;
        if got > MAX_DESCENDANTS {
            return Err(PoolError::TooManyDescendants { of, got, max: MAX_DESCENDANTS });
        }
        if package.bytes > MAX_PACKAGE_BYTES {
            return Err(PoolError::DescendantsTooLarge { of, got: package.bytes, max: MAX_PACKAGE_BYTES });
        }
    }
    Ok(())
}
