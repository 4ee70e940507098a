use super::{FeeRate, MAX_ANCESTORS, MAX_POOL_BYTES, MAX_POOL_PAYMENTS, PoolEntry, PoolError};
use crate::collections::{HashMap, HashSet};
use crate::consensus::{ChainParams, SoundPayment, WellFormedPayment, check_payment_in_utxo_context};
use crate::ledger::{Utxo, UtxoSet};
use crate::primitives::{Address, OutPoint, Payment, PaymentHash, TxId};
use crate::units::{Amount, Height, Monotonic};
use core::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Payments that wait for a block, each valid after those it builds on.
///
/// Bounded by [`MAX_POOL_PAYMENTS`] and [`MAX_POOL_BYTES`]; all indexes are bounded with it. Each
/// change costs the logarithm of its size for each input, output and descendant touched.
#[derive(Clone, Debug)]
pub struct Mempool {
    pub(super) entries: HashMap<TxId, PoolEntry>,
    hashes: HashSet<PaymentHash>,
    spenders: HashMap<OutPoint, TxId>,
    /// In the order of entry.
    order: BTreeMap<u64, TxId>,
    pub(super) by_age: BTreeSet<(Monotonic, TxId)>,
    /// Senders and recipients, with the payments' places in the order of entry.
    by_address: BTreeSet<(Address, u64)>,
    /// Payments without children, the first to push out first: lowest rate, latest entry.
    leaves: BTreeSet<(FeeRate, Reverse<u64>)>,
    bytes: usize,
    next_sequence: u64,
    max_payments: usize,
    max_bytes: usize,
}

/// What an insertion would do.
struct Admission {
    fee: Amount,
    parents: BTreeSet<TxId>,
    victims: Vec<TxId>,
}

impl Mempool {
    /// An empty mempool.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(MAX_POOL_PAYMENTS, MAX_POOL_BYTES)
    }

    /// An empty mempool with other bounds, for small machines and tests.
    #[must_use]
    pub fn with_limits(max_payments: usize, max_bytes: usize) -> Self {
        Self {
            entries: HashMap::default(),
            hashes: HashSet::default(),
            spenders: HashMap::default(),
            order: BTreeMap::new(),
            by_age: BTreeSet::new(),
            by_address: BTreeSet::new(),
            leaves: BTreeSet::new(),
            bytes: 0,
            next_sequence: 0,
            max_payments,
            max_bytes,
        }
    }

    /// Whether the pool would take a payment now, its signature aside: ask before paying for the
    /// signature check. `next_height` is that of the next block.
    ///
    /// # Errors
    /// The first [`PoolError`] found.
    pub fn admit(
        &self,
        payment: &WellFormedPayment,
        utxos: &UtxoSet,
        next_height: Height,
        params: &ChainParams,
    ) -> Result<(), PoolError> {
        self.admission(payment, utxos, next_height, params).map(|_| ())
    }

    /// Takes a payment in. Returns the payments that had to leave for it (rule P4).
    ///
    /// # Errors
    /// The first [`PoolError`] found; the pool is then unchanged.
    pub fn insert(
        &mut self,
        payment: SoundPayment,
        utxos: &UtxoSet,
        next_height: Height,
        now: Monotonic,
        params: &ChainParams,
    ) -> Result<Vec<TxId>, PoolError> {
        let admission = self.admission(payment.as_well_formed(), utxos, next_height, params)?;
        for victim in &admission.victims {
            self.remove(victim);
        }
        self.add(payment, admission.fee, admission.parents, now);
        Ok(admission.victims)
    }

    /// Whether a payment of this id is in the pool.
    #[must_use]
    pub fn contains(&self, txid: &TxId) -> bool {
        self.entries.contains_key(txid)
    }

    /// The payment of this id.
    #[must_use]
    pub fn get(&self, txid: &TxId) -> Option<&Payment> {
        self.entries.get(txid).map(PoolEntry::payment)
    }

    /// Whether the very payment with this hash, signature included, is in the pool.
    #[must_use]
    pub fn by_hash(&self, hash: &PaymentHash) -> bool {
        self.hashes.contains(hash)
    }

    /// The payment that spends an output, if one does.
    #[must_use]
    pub fn spender(&self, outpoint: &OutPoint) -> Option<TxId> {
        self.spenders.get(outpoint).copied()
    }

    /// How many payments there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The payments' encoded size together.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The ids in the order of entry.
    pub fn txids(&self) -> impl Iterator<Item = TxId> {
        self.order.values().copied()
    }

    /// The payments in the order of entry.
    pub fn iter(&self) -> impl Iterator<Item = &PoolEntry> {
        self.order.values().filter_map(|txid| self.entries.get(txid))
    }

    /// The payments from or to an address in the order of entry.
    pub fn pending(&self, address: &Address) -> impl Iterator<Item = &PoolEntry> {
        let places = self.by_address.range((*address, 0)..=(*address, u64::MAX));
        places.filter_map(|(_, sequence)| self.entries.get(self.order.get(sequence)?))
    }

    /// All payments, parents before children, otherwise those with the lowest `key` first.
    pub(super) fn parents_first<K: Ord>(&self, key: impl Fn(&PoolEntry) -> K) -> Vec<&PoolEntry> {
        let mut waiting: HashMap<TxId, usize> = self.entries.values().map(|e| (e.txid(), e.parents.len())).collect();
        let place = |entry: &PoolEntry| (key(entry), entry.sequence);
        let mut ready: BTreeMap<(K, u64), &PoolEntry> =
            self.entries.values().filter(|e| e.parents.is_empty()).map(|e| (place(e), e)).collect();
        let mut ordered = Vec::with_capacity(self.entries.len());
        while let Some((_, entry)) = ready.pop_first() {
            ordered.push(entry);
            for child in entry.children.iter().filter_map(|txid| self.entries.get(txid)) {
                let left = waiting.entry(child.txid()).or_default();
                *left = left.saturating_sub(1);
                if *left == 0 {
                    ready.insert(place(child), child);
                }
            }
        }
        ordered
    }

    fn admission(
        &self,
        payment: &WellFormedPayment,
        utxos: &UtxoSet,
        next_height: Height,
        params: &ChainParams,
    ) -> Result<Admission, PoolError> {
        if self.contains(&payment.txid()) {
            return Err(PoolError::Known);
        }
        let unsigned = &payment.payment().unsigned;
        for outpoint in &unsigned.inputs {
            if let Some(with) = self.spender(outpoint) {
                return Err(PoolError::Conflict { outpoint: *outpoint, with });
            }
        }
        let lookup = |outpoint: &OutPoint| utxos.get(outpoint).or_else(|| self.output(outpoint, next_height));
        let fee = check_payment_in_utxo_context(unsigned, lookup, next_height, params)?;
        let parents: BTreeSet<TxId> =
            unsigned.inputs.iter().map(|input| input.txid).filter(|txid| self.contains(txid)).collect();
        let ancestors = self.ancestors(&parents)?;
        let bytes = payment.payment().size();
        let victims = self.victims(FeeRate::new(fee, bytes), bytes, &ancestors).ok_or(PoolError::Full)?;
        Ok(Admission { fee, parents, victims })
    }

    /// An output that a payment in the pool makes.
    fn output(&self, outpoint: &OutPoint, height: Height) -> Option<Utxo> {
        let outputs = &self.get(&outpoint.txid)?.unsigned.outputs;
        let output = *outputs.get(usize::try_from(outpoint.index).ok()?)?;
        Some(Utxo { output, height, coinbase: false })
    }

    /// The parents and all payments in the pool that they build on (rule P3).
    fn ancestors(&self, parents: &BTreeSet<TxId>) -> Result<BTreeSet<TxId>, PoolError> {
        let mut found = BTreeSet::new();
        let mut open: Vec<TxId> = parents.iter().copied().collect();
        while let Some(txid) = open.pop() {
            if !found.insert(txid) {
                continue;
            }
            if found.len() > MAX_ANCESTORS {
                return Err(PoolError::TooManyAncestors { got: found.len(), max: MAX_ANCESTORS });
            }
            open.extend(self.entries.get(&txid).into_iter().flat_map(|entry| &entry.parents));
        }
        Ok(found)
    }

    /// Which payments must leave for one of this rate and size: the lowest rates first, children
    /// before parents, only lower rates, none of its own ancestors. `None` when that makes too
    /// little room.
    fn victims(&self, rate: FeeRate, bytes: usize, ancestors: &BTreeSet<TxId>) -> Option<Vec<TxId>> {
        let mut payments = self.len() + 1;
        let mut total = self.bytes + bytes;
        let mut victims = Vec::new();
        let mut leaves = self.leaves.iter().copied().peekable();
        // Parents that have lost all their children.
        let mut bared: BTreeSet<(FeeRate, Reverse<u64>)> = BTreeSet::new();
        let mut lost: HashMap<TxId, usize> = HashMap::default();
        while payments > self.max_payments || total > self.max_bytes {
            let from_bared = match (leaves.peek(), bared.first()) {
                (Some(leaf), Some(parent)) => parent < leaf,
                (None, None) => return None,
                (leaf, _) => leaf.is_none(),
            };
            let (worst, Reverse(place)) = if from_bared { bared.pop_first() } else { leaves.next() }?;
            if worst >= rate {
                return None;
            }
            let entry = self.entries.get(self.order.get(&place)?)?;
            if ancestors.contains(&entry.txid()) {
                continue;
            }
            victims.push(entry.txid());
            payments -= 1;
            total -= entry.bytes;
            for parent in entry.parents.iter().filter_map(|txid| self.entries.get(txid)) {
                let gone = lost.entry(parent.txid()).or_default();
                *gone += 1;
                if *gone == parent.children.len() {
                    bared.insert((parent.fee_rate(), Reverse(parent.sequence)));
                }
            }
        }
        Some(victims)
    }

    fn add(&mut self, payment: SoundPayment, fee: Amount, parents: BTreeSet<TxId>, entered: Monotonic) {
        let txid = payment.txid();
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        // A payment that comes back after a reorganisation may find its children here.
        let children = payment.payment().outputs().filter_map(|(outpoint, _)| self.spender(&outpoint)).collect();
        let bytes = payment.payment().size();
        let entry = PoolEntry { payment, fee, bytes, entered, sequence, parents, children };
        for parent in &entry.parents {
            self.change_family(parent, |family| family.children.insert(txid));
        }
        for child in &entry.children {
            self.change_family(child, |family| family.parents.insert(txid));
        }
        if entry.children.is_empty() {
            self.leaves.insert((entry.fee_rate(), Reverse(sequence)));
        }
        self.spenders.extend(entry.payment().unsigned.inputs.iter().map(|input| (*input, txid)));
        self.by_address.extend(addresses(entry.payment()).map(|address| (address, sequence)));
        self.hashes.insert(entry.payment.hash());
        self.by_age.insert((entered, txid));
        self.order.insert(sequence, txid);
        self.bytes += bytes;
        self.entries.insert(txid, entry);
    }

    /// Takes one payment out; its family stays.
    pub(super) fn remove(&mut self, txid: &TxId) -> Option<PoolEntry> {
        let entry = self.entries.remove(txid)?;
        for parent in &entry.parents {
            self.change_family(parent, |family| family.children.remove(txid));
        }
        for child in &entry.children {
            self.change_family(child, |family| family.parents.remove(txid));
        }
        self.leaves.remove(&(entry.fee_rate(), Reverse(entry.sequence)));
        for input in &entry.payment().unsigned.inputs {
            self.spenders.remove(input);
        }
        for address in addresses(entry.payment()) {
            self.by_address.remove(&(address, entry.sequence));
        }
        self.hashes.remove(&entry.payment.hash());
        self.by_age.remove(&(entry.entered, *txid));
        self.order.remove(&entry.sequence);
        self.bytes -= entry.bytes;
        Some(entry)
    }

    /// Changes a payment's parents or children, and keeps `leaves` right.
    fn change_family(&mut self, txid: &TxId, change: impl FnOnce(&mut PoolEntry) -> bool) {
        if let Some(entry) = self.entries.get_mut(txid) {
            change(entry);
            let place = (entry.fee_rate(), Reverse(entry.sequence));
            if entry.children.is_empty() {
                self.leaves.insert(place);
            } else {
                self.leaves.remove(&place);
            }
        }
    }

    /// Takes everything out, parents before children.
    pub(super) fn drain(&mut self) -> Vec<PoolEntry> {
        let txids: Vec<TxId> = self.parents_first(|_| ()).iter().map(|entry| entry.txid()).collect();
        txids.iter().filter_map(|txid| self.remove(txid)).collect()
    }
}

impl Default for Mempool {
    fn default() -> Self {
        Self::new()
    }
}

/// The sender and the recipients; maybe some twice.
fn addresses(payment: &Payment) -> impl Iterator<Item = Address> {
    let recipients = payment.unsigned.outputs.iter().map(|output| output.recipient);
    core::iter::once(payment.unsigned.sender.address()).chain(recipients)
}
