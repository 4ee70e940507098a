use super::{FeeRate, Mempool, Package, PoolEntry};
use core::cmp::Reverse;
use fedcoin_primitives::TxId;
use fedcoin_primitives::collections::{HashMap, HashSet};
use std::collections::{BTreeMap, BinaryHeap};

/// Packages that did not fit in a row, after which a block counts as full.
const MAX_MISFITS: usize = 1_000;

/// Takes payments for blocks, best package first: a payment with all that it builds on and that has
/// not been taken (rule P6). At the same rate the one that came first.
pub(super) struct Selection<'a> {
    pool: &'a Mempool,
    /// By mining rate. Some are outdated: taken since, or of another rate now.
    candidates: BinaryHeap<(FeeRate, Reverse<u64>, TxId)>,
    taken: HashSet<TxId>,
    /// Payments with those they build on, where some of these have been taken.
    changed: HashMap<TxId, Package>,
    /// Candidates that did not fit into the block; the next one may have room for them.
    misfits: Vec<(FeeRate, Reverse<u64>, TxId)>,
    free_payments: usize,
    free_bytes: usize,
}

impl<'a> Selection<'a> {
    /// All payments are to be had, until so many payments and bytes have been taken.
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

    /// Begins another block, which may hold so many payments and bytes.
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

    /// What builds on payments that have been taken no longer has to bring them along.
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
