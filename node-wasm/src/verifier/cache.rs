use fedcoin_node::primitives::PublicKey;
use std::collections::BTreeMap;
use web_sys::CryptoKey;

/// Number of keys after which the older half is dropped.
const HALF: usize = 1_000;

/// Public keys in the browser's form; `None` is not a point of the curve.
///
/// Bound: two generations of [`HALF`] keys; using an old key renews it.
#[derive(Debug, Default)]
pub(super) struct KeyCache {
    young: BTreeMap<PublicKey, Option<CryptoKey>>,
    old: BTreeMap<PublicKey, Option<CryptoKey>>,
}

impl KeyCache {
    /// Whether the key is cached; if so, it stays for at least [`HALF`] more keys.
    pub(super) fn renew(&mut self, key: &PublicKey) -> bool {
        if let Some(imported) = self.old.remove(key) {
            self.insert(*key, imported);
        }
        self.young.contains_key(key)
    }

    pub(super) fn get(&self, key: &PublicKey) -> Option<&Option<CryptoKey>> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    pub(super) fn insert(&mut self, key: PublicKey, imported: Option<CryptoKey>) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, imported);
    }
}
