use super::{FeeRate, Mempool, Package, PoolEntry};
use core::cmp::Reverse;
use fedcoin_primitives::TxId;
use fedcoin_primitives::collections::{HashMap, HashSet};
use std::collections::{BTreeMap, BinaryHeap};

/// After this many consecutive packages that do not fit, a block counts as full.
const MAX_MISFITS: usize = 1_000;

/// Selects payments for blocks, best package first: a payment with all its ancestors that are not selected yet (rule
/// P6). Among equal rates, the earliest entry wins.
pub(super) struct Selection<'a> {
    pool: &'a Mempool,
    /// Candidates by mining rate. Some are outdated: already selected, or with another rate now.
    candidates: BinaryHeap<(FeeRate, Reverse<u64>, TxId)>,
    taken: HashSet<TxId>,
    /// Packages of payments with some ancestors already selected.
    changed: HashMap<TxId, Package>,
    /// Candidates that did not fit into this block, for the next one.
    misfits: Vec<(FeeRate, Reverse<u64>, TxId)>,
    free_payments: usize,
    free_bytes: usize,
}

impl<'a> Selection<'a> {
    /// Selects from all payments, up to this number of payments and bytes.
    pub(super) fn new(pool: &'a Mempool, free_payments: usize, free_bytes: usize) -> Self {
        let key = *pool.entries.hasher();
        let candidate = |e: &PoolEntry| (e.mining_rate(&e.ancestors), Reverse(e.sequence), e.txid());
        Self {
            pool,
            candidates: pool.entries.values().map(candidate).collect::<Vec<_>>().into(),
            taken: HashSet::with_hasher(key),
            changed: HashMap::with_hasher(key),
            misfits: Vec::new(),
            free_payments,
            free_bytes,
        }
    }

    /// Starts another block with this number of payments and bytes.
    pub(super) fn begin_block(&mut self, free_payments: usize, free_bytes: usize) {
        (self.free_payments, self.free_bytes) = (free_payments, free_bytes);
        self.candidates.extend(self.misfits.drain(..));
    }

    /// The next package that fits: its payments, parents before children, and their rate.
    pub(super) fn next_package(&mut self) -> Option<(Vec<&'a PoolEntry>, FeeRate)> {
        let mut misfits = 0;
        while self.free_payments > 0 && misfits < MAX_MISFITS {
            let candidate = self.candidates.pop()?;
            let (rate, _, txid) = candidate;
            let Some(entry) = self.pool.entries.get(&txid).filter(|e| !self.taken.contains(&e.txid())) else {
                continue;
            };
            let package = self.changed.get(&txid).copied().unwrap_or(entry.ancestors);
            if entry.mining_rate(&package) != rate {
                continue;
            }
            if package.count > self.free_payments || package.bytes > self.free_bytes {
                misfits += 1;
                self.misfits.push(candidate);
                continue;
            }
            return Some((self.take(entry, &package), rate));
        }
        None
    }

    fn take(&mut self, entry: &'a PoolEntry, package: &Package) -> Vec<&'a PoolEntry> {
        let mut payments = match package.count {
            1 => vec![entry],
            _ => self.pool.with_ancestors([entry.txid()]),
        };
        payments.retain(|payment| self.taken.insert(payment.txid()));
        payments.sort_unstable_by_key(|payment| payment.sequence);
        self.free_payments -= package.count;
        self.free_bytes -= package.bytes;
        self.release_descendants(&payments);
        payments
    }

    /// Updates the descendants of selected payments, which no longer need to bring those along.
    fn release_descendants(&mut self, payments: &[&'a PoolEntry]) {
        let mut released: BTreeMap<u64, &PoolEntry> = BTreeMap::new();
        for payment in payments.iter().filter(|payment| !payment.children.is_empty()) {
            for descendant in self.pool.with_descendants(payment.children.iter().copied()) {
                if !self.taken.contains(&descendant.txid()) {
                    let package = self.changed.entry(descendant.txid()).or_insert(descendant.ancestors);
                    package.subtract(&payment.alone());
                    released.insert(descendant.sequence, descendant);
                }
            }
        }
        for entry in released.into_values() {
            let package = self.changed.get(&entry.txid()).copied().unwrap_or(entry.ancestors);
            self.candidates.push((entry.mining_rate(&package), Reverse(entry.sequence), entry.txid()));
        }
    }
}
