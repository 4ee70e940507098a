//! Hash maps that outsiders cannot slow down, with a repeatable order.
//!
//! Ids and outpoints come from peers. A peer that knew the hash function could choose many that collide. So each map
//! takes its node's [`MapKey`]. The key has no default, so a map without one does not compile.
//!
//! ```compile_fail
//! let forgotten: fedcoin_primitives::collections::HashMap<u8, u8> = Default::default();
//! ```
//!
//! If there are few items, or their order matters, use a `BTreeMap`, which needs no key.

use core::hash::BuildHasher;
use siphasher::sip::SipHasher13;
use std::collections::{BTreeSet, VecDeque};

#[expect(clippy::disallowed_types, reason = "with the node's own key the order is repeatable")]
/// A hash map with a repeatable order.
pub type HashMap<K, V> = std::collections::HashMap<K, V, MapKey>;

#[expect(clippy::disallowed_types, reason = "with the node's own key the order is repeatable")]
/// A hash set with a repeatable order.
pub type HashSet<T> = std::collections::HashSet<T, MapKey>;

/// The key of a node's hash maps: SipHash-1-3 under the secret seed of its run.
#[derive(Clone, Copy)]
pub struct MapKey(SipHasher13);

impl MapKey {
    /// Derives the key from a seed (`NodeConfig::seed`).
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(SipHasher13::new_with_keys(seed, 0))
    }
}

impl BuildHasher for MapKey {
    type Hasher = SipHasher13;

    fn build_hasher(&self) -> SipHasher13 {
        self.0
    }
}

/// Does not print the secret.
impl core::fmt::Debug for MapKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("MapKey")
    }
}

/// A set of at most `capacity` items that forgets the oldest first.
#[derive(Clone, Debug)]
pub struct RecentSet<T> {
    items: BTreeSet<T>,
    order: VecDeque<T>,
    capacity: usize,
}

impl<T: Copy + Ord> RecentSet<T> {
    /// An empty set.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { items: BTreeSet::new(), order: VecDeque::new(), capacity }
    }

    /// Adds an item and returns whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        if !self.items.insert(item) {
            return false;
        }
        self.order.push_back(item);
        if self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.items.remove(&oldest);
        }
        true
    }

    /// Whether the set still contains the item.
    #[must_use]
    pub fn contains(&self, item: &T) -> bool {
        self.items.contains(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OutPoint, TxId};

    #[test]
    fn the_oldest_is_forgotten() {
        let mut set = RecentSet::new(2);
        assert!(set.insert(1) && set.insert(2) && !set.insert(1) && set.insert(3));
        assert!(!set.contains(&1) && set.contains(&2) && set.contains(&3));
    }

    /// Ids that collided under an earlier hash function: their first two words are the seed that it started with.
    #[test]
    fn chosen_ids_do_not_collide() {
        const PUBLIC: u64 = 0xc0ac_29b7_c97c_50dd;
        let id = |n: u64| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&PUBLIC.to_ne_bytes());
            bytes[8..16].copy_from_slice(&PUBLIC.to_ne_bytes());
            bytes[16..24].copy_from_slice(&n.to_ne_bytes());
            TxId(bytes)
        };
        let key = MapKey::new(1);
        let outpoint = |n: u64| OutPoint { txid: id(n), index: 0 };
        let ids: BTreeSet<u64> = (0..1_000).map(|n| key.hash_one(id(n))).collect();
        let outpoints: BTreeSet<u64> = (0..1_000).map(|n| key.hash_one(outpoint(n))).collect();
        assert_eq!((ids.len(), outpoints.len()), (1_000, 1_000));
    }

    #[test]
    fn each_seed_has_its_own_repeatable_hash() {
        let hash = |seed| MapKey::new(seed).hash_one(TxId([1; 32]));
        assert_eq!(hash(1), hash(1));
        assert_ne!(hash(1), hash(2));
        assert_eq!(format!("{:?}", MapKey::new(7)), "MapKey", "logs must not show the seed");
    }
}
