//! Every kernel of `super::kernels` finds what `sha2` finds.

use super::kernels;
use core::ops::Range;
use fedcoin_consensus::ChainParams;
use fedcoin_pow::{Found, SearchResult, Task, search};
use fedcoin_primitives::units::Target;
use fedcoin_primitives::{Header, sha256};
#[cfg(not(target_arch = "wasm32"))]
use proptest::prelude::{ProptestConfig, any, prop, prop_oneof};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn header() -> Header {
    ChainParams::classroom().genesis_block().header
}

/// What a search should find, computed by `sha2`.
fn expected(header: &Header, target: Target, first_salt: u32, range: Range<u64>) -> Option<Found> {
    range.clone().find_map(|nonce| {
        (0..Task::SALTS).map(|place| first_salt.wrapping_add(place)).find_map(|salt| {
            let nonce = search(header, target, salt, nonce..nonce + 1)?;
            Some(Found { salt, nonce })
        })
    })
}

/// The target that begins with this many zero bits.
fn target(zeros: u32) -> Target {
    let bytes = u64::MAX.checked_shr(zeros).unwrap_or(0).to_be_bytes();
    let mut number = [0xff; 32];
    number[..8].copy_from_slice(&bytes);
    Target::from_be_bytes(number)
}

/// One above the number, or one below; little-endian.
fn next_to(mut hash: [u8; 32], above: bool) -> Target {
    for byte in &mut hash {
        let (next, carry) = if above { byte.overflowing_add(1) } else { byte.overflowing_sub(1) };
        *byte = next;
        if !carry {
            break;
        }
    }
    number(hash)
}

/// The target that equals a hash's number.
fn number(mut hash: [u8; 32]) -> Target {
    hash.reverse();
    Target::from_be_bytes(hash)
}

#[cfg(not(target_arch = "wasm32"))]
proptest::proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_kernel_finds_what_sha2_finds(
        bytes in prop::array::uniform32(any::<u8>()),
        (version, time) in any::<(u32, u64)>(),
        salt in prop_oneof![any::<u32>(), u32::MAX - Task::SALTS..=u32::MAX],
        start in prop_oneof![0..1_u64 << 32, (1_u64 << 32) - 40..1 << 32],
        length in 0..70_u64,
        zeros in 0..20_u32,
    ) {
        let mut header = header();
        (header.version, header.time.0) = (version, time);
        (header.previous.0, header.commitment.0) = (bytes, bytes);
        let (target, range) = (target(zeros), start..start + length);
        let clipped = start..(start + length).min(1 << 32);
        let expected = expected(&header, target, salt, clipped.clone());
        let task = Task::new(&header, target, salt);
        for kernel in kernels() {
            let result = kernel.search(&task, range.clone());
            proptest::prop_assert_eq!(result.found, expected, "{}", kernel.name());
            if expected.is_none() {
                let all = (clipped.end - clipped.start) * u64::from(Task::SALTS);
                proptest::prop_assert_eq!(result.hashes, all, "{}", kernel.name());
            }
        }
    }
}

#[test]
fn headers_of_all_kinds_are_searched() {
    for i in 0..24_u32 {
        let [a, b] = [0, 1].map(|part| sha256(&[&i.to_be_bytes(), &[part]]));
        let word = |at: usize| u32::from_be_bytes([a[at], a[at + 1], b[at], b[at + 1]]);
        let mut header = Header { version: word(0), ..header() };
        (header.previous.0, header.commitment.0, header.time.0) = (a, b, u64::from(word(2)) << 13);
        // Half of the cases have salts, or nonces, near the end of their range.
        let salt = if i % 2 == 0 { word(4) } else { word(4) | !0x7f };
        let start = u64::from(if i % 4 < 2 { word(6) } else { word(6) | !0x1f });
        let (target, range) = (target(i), start..(start + 40).min(1 << 32));
        let expected = expected(&header, target, salt, range.clone());
        let task = Task::new(&header, target, salt);
        for kernel in kernels() {
            assert_eq!(kernel.search(&task, range.clone()).found, expected, "{} with header {i}", kernel.name());
        }
    }
}

#[test]
fn every_position_of_salt_and_nonce_is_searched() {
    let (header, target) = (header(), target(22));
    let nonce = search(&header, target, 7, 0..1 << 32).unwrap();
    let found = Some(Found { salt: 7, nonce });
    let at = u64::from(nonce);
    for kernel in kernels() {
        for place in 0..Task::SALTS {
            let task = Task::new(&header, target, 7_u32.wrapping_sub(place));
            let before = u64::from(place) % 40;
            let result = kernel.search(&task, at - before..at + 1);
            assert_eq!(result.found, found, "{} misses place {place}", kernel.name());
        }
    }
}

#[test]
fn a_hash_equal_to_the_target_meets_it() {
    let header = header();
    // Hashes whose deciding word is zero or not. If it is zero, the lower words decide.
    for zeros in [0, 1, 7, 8, 9, 16, 18] {
        let nonce = search(&header, target(zeros), 7, 0..1 << 32).unwrap();
        let hash = Header { salt: 7, nonce, ..header }.id().0;
        let range = u64::from(nonce)..u64::from(nonce) + 1;
        for target in [number(hash), next_to(hash, true), next_to(hash, false)] {
            let task = Task::new(&header, target, 7);
            let expected = expected(&header, target, 7, range.clone());
            for kernel in kernels() {
                assert_eq!(kernel.search(&task, range.clone()).found, expected, "{}", kernel.name());
            }
        }
    }
}

#[test]
fn extreme_ranges_and_targets_are_searched() {
    for kernel in kernels() {
        let [all, none] = [0, 64].map(|zeros| Task::new(&header(), target(zeros), u32::MAX - 1));
        let first = Some(Found { salt: u32::MAX - 1, nonce: 9 });
        assert_eq!(kernel.search(&all, 9..1 << 32).found, first);
        let nothing = SearchResult { found: None, hashes: 0 };
        let end = 1 << 32;
        assert_eq!(kernel.search(&all, 9..9), nothing);
        assert_eq!(kernel.search(&all, end..end + 9), nothing);
        assert_eq!(kernel.search(&all, u64::MAX - 1..u64::MAX), nothing);
        assert_eq!(kernel.search(&none, end - 3..u64::MAX).hashes, 3 * u64::from(Task::SALTS));
    }
}
