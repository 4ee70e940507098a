//! A module for browsers that measures checks of signatures: `node e2e/bench.mjs --only signatures`.
#![allow(unsafe_code, reason = "an exported name counts as unsafe, because two of them could be the same")]
#![allow(missing_docs, reason = "the docs are the names")]

use fedcoin_p256::{Check, Key, Verifier, reference};
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use std::sync::LazyLock;

/// Signatures by different keys that the measurements go through again and again.
const COUNT: usize = 256;

struct Signed {
    key: [u8; 33],
    decoded: VerifyingKey,
    digest: [u8; 32],
    signature: [u8; 64],
}

static VERIFIER: LazyLock<Verifier> = LazyLock::new(Verifier::new);
static SIGNED: LazyLock<Vec<Signed>> = LazyLock::new(|| (0..COUNT).map(signed).collect());
static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let keys: Vec<[u8; 33]> = SIGNED.iter().map(|one| one.key).collect();
    Key::prepare(&keys).into_iter().flatten().collect()
});

fn signed(number: usize) -> Signed {
    let mut secret = [7; 32];
    secret[24..].copy_from_slice(&(number as u64).to_be_bytes());
    let signer = SigningKey::from_slice(&secret).expect("a number below the order");
    let digest = [number as u8; 32];
    let signature: Signature = signer.sign_prehash(&digest).expect("RFC 6979 finds a nonce");
    let decoded = *signer.verifying_key();
    let key = decoded.to_sec1_point(true).as_bytes().try_into().expect("33 bytes");
    Signed { key, decoded, digest, signature: signature.to_bytes().into() }
}

/// Makes everything that the measurements use. Returns the number of signatures.
#[unsafe(no_mangle)]
pub extern "C" fn prepare() -> usize {
    KEYS.len().min(SIGNED.len())
}

/// Each of these checks `count` signatures, and returns how many are valid: all of them.
#[unsafe(no_mangle)]
pub extern "C" fn p256_from_bytes(count: usize) -> usize {
    let signed = SIGNED.iter().cycle().take(count);
    signed.filter(|one| reference::verifies(&one.key, &one.digest, &one.signature)).count()
}

#[unsafe(no_mangle)]
pub extern "C" fn p256_decoded(count: usize) -> usize {
    let valid = |one: &&Signed| {
        Signature::from_slice(&one.signature).is_ok_and(|it| one.decoded.verify_prehash(&one.digest, &it).is_ok())
    };
    SIGNED.iter().cycle().take(count).filter(valid).count()
}

/// With keys that were prepared before, `batch` signatures at once.
#[unsafe(no_mangle)]
pub extern "C" fn prepared(count: usize, batch: usize) -> usize {
    let check =
        |(one, key): (&'static Signed, &'static Key)| Check { key, digest: &one.digest, signature: &one.signature };
    let checks: Vec<Check<'_>> = SIGNED.iter().zip(KEYS.iter()).cycle().take(count).map(check).collect();
    checks.chunks(batch).map(valid).sum()
}

/// With keys that nobody has seen before, `batch` signatures at once.
#[unsafe(no_mangle)]
pub extern "C" fn from_bytes(count: usize, batch: usize) -> usize {
    let signed: Vec<&'static Signed> = SIGNED.iter().cycle().take(count).collect();
    let verify = |some: &[&'static Signed]| {
        let keys = Key::prepare(&some.iter().map(|one| one.key).collect::<Vec<_>>());
        let check = |(key, one): (_, &'static Signed)| Check { key, digest: &one.digest, signature: &one.signature };
        valid(&keys.iter().flatten().zip(some.iter().copied()).map(check).collect::<Vec<_>>())
    };
    signed.chunks(batch).map(verify).sum()
}

fn valid(checks: &[Check<'_>]) -> usize {
    VERIFIER.verify(checks).into_iter().filter(|valid| *valid).count()
}
