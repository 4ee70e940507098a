use fedcoin_node::primitives::PublicKey;
use std::collections::BTreeMap;

/// Number of keys after which the older half is dropped.
const HALF: usize = 1_000;

/// Public keys in the form in which an implementation needs them; `None` is not a point of the curve.
///
/// Bound: two generations of [`HALF`] keys; using an old key renews it.
#[derive(Debug)]
pub(super) struct KeyCache<K> {
    young: BTreeMap<PublicKey, Option<K>>,
    old: BTreeMap<PublicKey, Option<K>>,
}

impl<K> KeyCache<K> {
    pub(super) const fn new() -> Self {
        Self { young: BTreeMap::new(), old: BTreeMap::new() }
    }

    /// Those of these keys that are not cached. The others stay for at least [`HALF`] more keys.
    pub(super) fn missing(&mut self, keys: impl Iterator<Item = PublicKey>) -> Vec<PublicKey> {
        let mut missing: Vec<PublicKey> = keys.collect();
        missing.sort_unstable();
        missing.dedup();
        missing.retain(|key| !self.renew(key));
        missing
    }

    /// Whether the key is cached; if so, it stays for at least [`HALF`] more keys.
    fn renew(&mut self, key: &PublicKey) -> bool {
        if let Some(form) = self.old.remove(key) {
            self.insert(*key, form);
        }
        self.young.contains_key(key)
    }

    pub(super) fn get(&self, key: &PublicKey) -> Option<&Option<K>> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    pub(super) fn insert(&mut self, key: PublicKey, form: Option<K>) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, form);
    }
}
