use super::rising_minimum::RisingMinimum;
use super::{FeeRate, Package, PoolEntry, PoolPolicy};
use core::cmp::Reverse;
use fedcoin_consensus::SoundPayment;
use fedcoin_primitives::collections::{HashMap, HashSet, MapKey};
use fedcoin_primitives::units::{Amount, Monotonic};
use fedcoin_primitives::{Address, OutPoint, Payment, PaymentHash, TxId};
use std::collections::{BTreeMap, BTreeSet};

/// Payments that wait for a block, each valid after its ancestors.
///
/// Bounded by its [`PoolPolicy`], with all indexes. A change costs the logarithm of the size for each input, output,
/// ancestor and descendant; there are at most [`super::MAX_ANCESTORS`] and [`super::MAX_DESCENDANTS`] of the latter
/// two.
#[derive(Clone, Debug)]
pub struct Mempool {
    pub(super) policy: PoolPolicy,
    pub(super) entries: HashMap<TxId, PoolEntry>,
    hashes: HashSet<PaymentHash>,
    spenders: HashMap<OutPoint, TxId>,
    /// Payments in the order of entry: parents before children.
    pub(super) order: BTreeMap<u64, TxId>,
    /// Entry time and number of each payment.
    pub(super) by_age: BTreeSet<(Monotonic, u64)>,
    /// Senders and recipients, with the payments' numbers in the order of entry.
    by_address: BTreeSet<(Address, u64)>,
    /// Payments in the order of displacement: lowest keep rate first, latest entry first.
    pub(super) by_worth: BTreeSet<(FeeRate, Reverse<u64>)>,
    pub(super) rising_minimum: RisingMinimum,
    bytes: usize,
    next_sequence: u64,
}

impl Mempool {
    /// An empty mempool. Its hash maps are keyed by `key`.
    #[must_use]
    pub fn new(policy: PoolPolicy, key: MapKey) -> Self {
        Self {
            policy,
            entries: HashMap::with_hasher(key),
            hashes: HashSet::with_hasher(key),
            spenders: HashMap::with_hasher(key),
            order: BTreeMap::new(),
            by_age: BTreeSet::new(),
            by_address: BTreeSet::new(),
            by_worth: BTreeSet::new(),
            rising_minimum: RisingMinimum::default(),
            bytes: 0,
            next_sequence: 0,
        }
    }

    /// The limits and the policy.
    #[must_use]
    pub const fn policy(&self) -> &PoolPolicy {
        &self.policy
    }

    /// Whether a payment with this id is in the mempool.
    #[must_use]
    pub fn contains(&self, txid: &TxId) -> bool {
        self.entries.contains_key(txid)
    }

    /// The payment with this id.
    #[must_use]
    pub fn get(&self, txid: &TxId) -> Option<&Payment> {
        self.entries.get(txid).map(PoolEntry::payment)
    }

    /// The payment with this id and its data in the mempool.
    #[must_use]
    pub fn entry(&self, txid: &TxId) -> Option<&PoolEntry> {
        self.entries.get(txid)
    }

    /// Whether the payment with this hash, signature included, is in the mempool.
    #[must_use]
    pub fn by_hash(&self, hash: &PaymentHash) -> bool {
        self.hashes.contains(hash)
    }

    /// The payment that spends an output, if any.
    #[must_use]
    pub fn spender(&self, outpoint: &OutPoint) -> Option<TxId> {
        self.spenders.get(outpoint).copied()
    }

    /// Number of payments.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the mempool is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Total encoded size of the payments.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Changes whenever a payment enters or leaves: the number of all entries so far, and the number of payments.
    #[must_use]
    pub fn version(&self) -> (u64, usize) {
        (self.next_sequence, self.entries.len())
    }

    /// The ids in the order of entry.
    pub fn txids(&self) -> impl Iterator<Item = TxId> {
        self.order.values().copied()
    }

    /// The payments in the order of entry.
    pub fn iter(&self) -> impl Iterator<Item = &PoolEntry> {
        self.order.values().filter_map(|txid| self.entries.get(txid))
    }

    /// The ids of the `n` payments with the highest keep rates, in the order of entry.
    #[must_use]
    pub fn best(&self, n: usize) -> Vec<TxId> {
        let mut places: Vec<u64> = self.by_worth.iter().rev().take(n).map(|(_, Reverse(place))| *place).collect();
        places.sort_unstable();
        places.iter().filter_map(|place| self.order.get(place).copied()).collect()
    }

    /// The payments from or to an address, in the order of entry.
    pub fn pending(&self, address: &Address) -> impl Iterator<Item = &PoolEntry> {
        let places = self.by_address.range((*address, 0)..=(*address, u64::MAX));
        places.filter_map(|(_, sequence)| self.entries.get(self.order.get(sequence)?))
    }

    /// The given payments and all their ancestors in the mempool.
    pub(super) fn with_ancestors(&self, txids: impl IntoIterator<Item = TxId>) -> Vec<&PoolEntry> {
        self.family(txids, |entry| &entry.parents)
    }

    /// The fee of a payment, and the total with all its descendants in the mempool.
    #[must_use]
    pub fn fees_with_descendants(&self, txid: &TxId) -> Option<(Amount, Amount)> {
        let fee = self.entries.get(txid)?.fee;
        let all = self.with_descendants([*txid]);
        Some((fee, Amount::saturating_sum(all.iter().map(|entry| entry.fee))))
    }

    pub(super) fn with_descendants(&self, txids: impl IntoIterator<Item = TxId>) -> Vec<&PoolEntry> {
        self.family(txids, |entry| &entry.children)
    }

    fn family<'a>(
        &'a self,
        txids: impl IntoIterator<Item = TxId>,
        next: impl Fn(&'a PoolEntry) -> &'a BTreeSet<TxId>,
    ) -> Vec<&'a PoolEntry> {
        let mut open: Vec<TxId> = txids.into_iter().collect();
        let mut seen: BTreeSet<TxId> = BTreeSet::new();
        let mut found = Vec::new();
        while let Some(txid) = open.pop() {
            if seen.insert(txid)
                && let Some(entry) = self.entries.get(&txid)
            {
                found.push(entry);
                open.extend(next(entry));
            }
        }
        found
    }

    /// Adds a payment with these parents. It has no children in the mempool, because payments enter after their
    /// parents.
    pub(super) fn add(&mut self, payment: SoundPayment, fee: Amount, parents: BTreeSet<TxId>, entered: Monotonic) {
        let (txid, bytes) = (payment.txid(), payment.payment().size());
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        let alone = Package::one(fee, bytes);
        let ancestors: Vec<(TxId, Package)> =
            self.with_ancestors(parents.iter().copied()).iter().map(|e| (e.txid(), e.alone())).collect();
        let mut package = alone;
        for (ancestor, package_of_one) in &ancestors {
            package.add(package_of_one);
            self.change_descendants(ancestor, |descendants| descendants.add(&alone));
        }
        for parent in &parents {
            if let Some(parent) = self.entries.get_mut(parent) {
                parent.children.insert(txid);
            }
        }
        self.spenders.extend(payment.payment().unsigned.inputs.iter().map(|input| (*input, txid)));
        self.by_address.extend(addresses(payment.payment()).map(|address| (address, sequence)));
        self.hashes.insert(payment.hash());
        self.by_age.insert((entered, sequence));
        self.order.insert(sequence, txid);
        self.bytes += bytes;
        let entry = PoolEntry {
            payment,
            fee,
            bytes,
            entered,
            sequence,
            parents,
            children: BTreeSet::new(),
            ancestors: package,
            descendants: alone,
        };
        self.by_worth.insert(place(&entry));
        self.entries.insert(txid, entry);
    }

    /// Removes one payment that has no descendants or no ancestors in the mempool. All removals happen in such an
    /// order.
    pub(super) fn remove(&mut self, txid: &TxId) -> Option<PoolEntry> {
        self.leave_family(txid);
        let entry = self.entries.remove(txid)?;
        for parent in &entry.parents {
            if let Some(parent) = self.entries.get_mut(parent) {
                parent.children.remove(txid);
            }
        }
        for child in &entry.children {
            if let Some(child) = self.entries.get_mut(child) {
                child.parents.remove(txid);
            }
        }
        self.by_worth.remove(&place(&entry));
        for input in &entry.payment().unsigned.inputs {
            self.spenders.remove(input);
        }
        for address in addresses(entry.payment()) {
            self.by_address.remove(&(address, entry.sequence));
        }
        self.hashes.remove(&entry.payment.hash());
        self.by_age.remove(&(entry.entered, entry.sequence));
        self.order.remove(&entry.sequence);
        self.bytes -= entry.bytes;
        Some(entry)
    }

    /// Subtracts a payment from the packages of its ancestors and descendants. Most payments have none, and cost
    /// nothing here.
    fn leave_family(&mut self, txid: &TxId) {
        let Some(entry) = self.entries.get(txid) else { return };
        let alone = entry.alone();
        let others = |family: Vec<&PoolEntry>| -> Vec<TxId> {
            family.iter().map(|entry| entry.txid()).filter(|other| other != txid).collect()
        };
        let ancestors = if entry.parents.is_empty() { Vec::new() } else { others(self.with_ancestors([*txid])) };
        let descendants = if entry.children.is_empty() { Vec::new() } else { others(self.with_descendants([*txid])) };
        for ancestor in ancestors {
            self.change_descendants(&ancestor, |descendants| descendants.subtract(&alone));
        }
        for descendant in descendants {
            if let Some(entry) = self.entries.get_mut(&descendant) {
                entry.ancestors.subtract(&alone);
            }
        }
    }

    /// Changes the descendants' package of a payment, and updates the order of displacement.
    fn change_descendants(&mut self, txid: &TxId, change: impl FnOnce(&mut Package)) {
        if let Some(entry) = self.entries.get_mut(txid) {
            self.by_worth.remove(&place(entry));
            change(&mut entry.descendants);
            self.by_worth.insert(place(entry));
        }
    }
}

/// An entry's key in the order of displacement.
fn place(entry: &PoolEntry) -> (FeeRate, Reverse<u64>) {
    (entry.keep_rate(&entry.descendants), Reverse(entry.sequence))
}

/// The sender and the recipients, possibly with duplicates.
fn addresses(payment: &Payment) -> impl Iterator<Item = Address> {
    let recipients = payment.unsigned.outputs.iter().map(|output| output.recipient);
    core::iter::once(payment.unsigned.sender.address()).chain(recipients)
}
