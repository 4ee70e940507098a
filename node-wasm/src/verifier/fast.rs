use super::cache::KeyCache;
use super::verdict;
use fedcoin_node::primitives::sha256;
use fedcoin_node::{SignatureCheck, Verdict};
use fedcoin_p256::{Check, Disagreement, Key, Verifier};

/// Checks by `fedcoin-p256`, which shares work between checks and remembers keys.
#[derive(Debug)]
pub(super) struct Fast {
    verifier: Verifier,
    keys: KeyCache<Key>,
}

impl Fast {
    /// The checks, if they pass their self-test.
    pub(super) fn new() -> Result<Self, Disagreement> {
        let verifier = Verifier::new();
        verifier.self_test()?;
        Ok(Self { verifier, keys: KeyCache::new() })
    }

    /// Runs some checks, fewer than the cache holds keys.
    pub(super) fn check(&mut self, checks: &[SignatureCheck]) -> Vec<Verdict> {
        let missing = self.keys.missing(checks.iter().map(|check| check.key));
        let bytes: Vec<[u8; 33]> = missing.iter().map(|key| *key.as_bytes()).collect();
        for (key, prepared) in missing.into_iter().zip(Key::prepare(&bytes)) {
            self.keys.insert(key, prepared);
        }
        let digests: Vec<[u8; 32]> = checks.iter().map(|check| sha256(&[&check.message])).collect();
        let keys = checks.iter().map(|check| self.keys.get(&check.key).and_then(Option::as_ref));
        let all = checks.iter().zip(&digests).zip(keys);
        let of_points: Vec<Check<'_>> = all
            .clone()
            .filter_map(|((check, digest), key)| {
                Some(Check { key: key?, digest, signature: check.signature.as_bytes() })
            })
            .collect();
        let mut valid = self.verifier.verify(&of_points).into_iter();
        // A key that is not a point of the curve has no valid signature.
        let mut is_valid = |key: Option<&Key>| key.is_some() && valid.next() == Some(true);
        all.map(|(_, key)| verdict(is_valid(key))).collect()
    }
}
