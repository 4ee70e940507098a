use super::{DropReason, Dropped, FeeRate, Mempool, Package, PoolEntry};
use core::cmp::Reverse;
use core::iter::Peekable;
use fedcoin_primitives::TxId;
use std::collections::{BTreeMap, BTreeSet, btree_set};

/// A view of the mempool without some payments and with one more, which leaves the mempool itself unchanged. It
/// determines which payments would leave before any does.
pub(super) struct Room<'a> {
    pool: &'a Mempool,
    /// Payments that leave, children before parents.
    leaving: Vec<Dropped>,
    left: BTreeSet<TxId>,
    /// Descendants' packages of remaining payments that would change.
    changed: BTreeMap<TxId, Package>,
    /// The same payments by their keep rates.
    changed_worth: BTreeSet<(FeeRate, Reverse<u64>)>,
    /// All payments of the mempool by their keep rates.
    by_worth: Peekable<btree_set::Iter<'a, (FeeRate, Reverse<u64>)>>,
    payments: usize,
    bytes: usize,
}

impl<'a> Room<'a> {
    /// A view without changes.
    pub(super) fn new(pool: &'a Mempool) -> Self {
        Self {
            pool,
            leaving: Vec::new(),
            left: BTreeSet::new(),
            changed: BTreeMap::new(),
            changed_worth: BTreeSet::new(),
            by_worth: pool.by_worth.iter().peekable(),
            payments: pool.len(),
            bytes: pool.bytes(),
        }
    }

    /// The payments that leave, children before parents.
    pub(super) fn into_leaving(self) -> Vec<Dropped> {
        self.leaving
    }

    /// The package of a remaining payment and its descendants.
    pub(super) fn descendants(&self, entry: &PoolEntry) -> Package {
        self.changed.get(&entry.txid()).copied().unwrap_or(entry.descendants)
    }

    /// Removes payments and their descendants, for this reason.
    pub(super) fn leave(&mut self, txids: impl IntoIterator<Item = TxId>, reason: &DropReason) {
        let first: BTreeSet<TxId> = txids.into_iter().collect();
        let mut family = self.pool.with_descendants(first.iter().copied());
        family.retain(|entry| self.left.insert(entry.txid()));
        family.sort_unstable_by_key(|entry| Reverse(entry.sequence));
        let all: BTreeSet<TxId> = family.iter().map(|entry| entry.txid()).collect();
        for entry in &family {
            self.forget_change(entry);
            self.leaving.push(entry.dropped(&first, &all, reason));
            self.payments -= 1;
            self.bytes -= entry.bytes;
        }
        for entry in &family {
            let alone = entry.alone();
            for ancestor in self.pool.with_ancestors(entry.parents.iter().copied()) {
                if !self.left.contains(&ancestor.txid()) {
                    self.change(ancestor, |descendants| descendants.subtract(&alone));
                }
            }
        }
    }

    /// Adds a payment with these ancestors.
    pub(super) fn come(&mut self, package: &Package, ancestors: &[&PoolEntry]) {
        self.payments += package.count;
        self.bytes += package.bytes;
        for ancestor in ancestors {
            self.change(ancestor, |descendants| descendants.add(package));
        }
    }

    /// Removes the payments with the lowest keep rates until all fit (rule P4). Returns the keep rate of the last
    /// removed one, if any; `Err` if the newcomer of this `rate`, which came with `ancestors`, would have to leave
    /// itself.
    pub(super) fn fit(&mut self, rate: FeeRate, ancestors: &[&PoolEntry]) -> Result<Option<FeeRate>, ()> {
        let mut last = None;
        while self.payments > self.pool.policy.max_payments || self.bytes > self.pool.policy.max_bytes {
            let (worth, worst) = self.worst().ok_or(())?;
            if worth >= rate || ancestors.iter().any(|ancestor| ancestor.txid() == worst) {
                return Err(());
            }
            self.leave([worst], &DropReason::PushedOut);
            last = Some(worth);
        }
        Ok(last)
    }

    /// The remaining payment with the lowest keep rate.
    fn worst(&mut self) -> Option<(FeeRate, TxId)> {
        let at = |pool: &Mempool, place: u64| pool.order.get(&place).copied();
        while let Some((_, Reverse(place))) = self.by_worth.peek() {
            let outdated =
                at(self.pool, *place).is_none_or(|t| self.left.contains(&t) || self.changed.contains_key(&t));
            if !outdated {
                break;
            }
            self.by_worth.next();
        }
        let unchanged = self.by_worth.peek().map(|place| **place);
        let (worth, Reverse(place)) = match (unchanged, self.changed_worth.first().copied()) {
            (Some(one), Some(other)) => one.min(other),
            (one, other) => one.or(other)?,
        };
        Some((worth, at(self.pool, place)?))
    }

    fn change(&mut self, entry: &PoolEntry, change: impl FnOnce(&mut Package)) {
        let mut package = self.descendants(entry);
        self.forget_change(entry);
        change(&mut package);
        self.changed_worth.insert((entry.keep_rate(&package), Reverse(entry.sequence)));
        self.changed.insert(entry.txid(), package);
    }

    fn forget_change(&mut self, entry: &PoolEntry) {
        if let Some(package) = self.changed.remove(&entry.txid()) {
            self.changed_worth.remove(&(entry.keep_rate(&package), Reverse(entry.sequence)));
        }
    }
}
