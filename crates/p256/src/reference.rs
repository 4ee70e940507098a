//! The reference: the crate `p256`.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};

/// Whether `signature` (`r`, then `s`) is `key`'s ECDSA signature of the message with this SHA-256 digest.
#[must_use]
pub fn verifies(key: &[u8; 33], digest: &[u8; 32], signature: &[u8; 64]) -> bool {
    let Ok(key) = VerifyingKey::from_sec1_bytes(key) else { return false };
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    key.verify_prehash(digest, &signature).is_ok()
}
