//! The verifier accepts and refuses what `p256` and `ring` do.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use fedcoin_oracle::{RawCheck, signatures};
use fedcoin_p256::{Key, Verifier};
use p256::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
use p256::elliptic_curve::bigint::U256;
use p256::elliptic_curve::sec1::FromSec1Point;
use p256::elliptic_curve::{PrimeField, ops::Reduce};
use p256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar, Sec1Point};
use proptest::prelude::*;

fn verify(checks: &[RawCheck]) -> Vec<bool> {
    let together = RawCheck::all_by_fast(checks);
    let one_by_one: Vec<bool> = checks.iter().flat_map(|check| RawCheck::all_by_fast(&[*check])).collect();
    assert_eq!(together, one_by_one, "a batch changes verdicts");
    together
}

/// Checks that the verifier agrees with the reference, and returns the number of valid signatures.
fn agree(cases: &[RawCheck]) -> usize {
    let found = verify(cases);
    for (case, found) in cases.iter().zip(&found) {
        assert_eq!(*found, case.by_reference(), "{case:?}");
    }
    found.iter().filter(|valid| **valid).count()
}

/// Scalars at which digits, halves and ranges begin and end.
fn edge_scalars() -> Vec<Scalar> {
    let small = [0, 1, 2, 3, 16, 127].map(Scalar::from_u128);
    let halves = [u128::MAX, 1 << 127].map(Scalar::from_u128);
    let upper = Scalar::from_u128(u128::MAX) + Scalar::ONE;
    let mut all = [small.as_slice(), &halves, &[upper]].concat();
    all.extend(all.clone().iter().map(|scalar| -*scalar));
    all
}

#[test]
fn the_self_test_passes() {
    assert_eq!(Verifier::new().self_test(), Ok(()));
}

#[test]
fn known_results_are_found() {
    let known: Vec<_> = signatures::wycheproof().into_iter().chain(signatures::mutated()).collect();
    let case = |known: &signatures::KnownCheck| RawCheck {
        key: *known.check.key.as_bytes(),
        digest: signatures::digest(&known.check.message),
        signature: *known.check.signature.as_bytes(),
    };
    let cases: Vec<RawCheck> = known.iter().map(case).collect();
    for (known, found) in known.iter().zip(verify(&cases)) {
        assert_eq!(found, known.valid, "{}", known.name);
    }
}

#[test]
fn edge_scalars_and_points_at_infinity_agree() {
    let edges = edge_scalars();
    let mut valid = 0;
    // Small multiples of the generator meet the cases in which sums are incomplete.
    for key in [Scalar::ONE, Scalar::from_u128(2), -Scalar::from_u128(3), edges[8]] {
        let point = ProjectivePoint::GENERATOR * key;
        let pairs = edges.iter().flat_map(|u1| edges.iter().map(move |u2| (*u1, *u2)));
        valid += agree(&pairs.map(|(u1, u2)| RawCheck::of_multiples(&point, u1, u2)).collect::<Vec<_>>());
    }
    // All but those with u2 = 0, and those whose sum is the point at infinity.
    assert!(valid > 1_100, "{valid}");
}

#[test]
fn infinity_is_refused() {
    for key in [1, 2, 7, u128::MAX].map(Scalar::from_u128) {
        let point = ProjectivePoint::GENERATOR * key;
        for u2 in [1, 5, 1 << 100].map(Scalar::from_u128) {
            // u1 + u2 * key = 0, for every r.
            for r in [Scalar::ONE, Scalar::from_u128(77)] {
                assert_eq!(agree(&[RawCheck::of_r(&point, -(u2 * key), u2, &r.to_bytes().into())]), 0);
            }
        }
    }
}

/// The smallest point of the curve whose first coordinate is at least `x`.
fn point_from(mut x: U256) -> (AffinePoint, U256) {
    loop {
        let mut bytes = [2; 33];
        bytes[1..].copy_from_slice(x.to_be_bytes().as_ref());
        if let Some(point) = AffinePoint::from_sec1_point(&Sec1Point::from_bytes(bytes).unwrap()).into_option() {
            return (point, x);
        }
        x = x.wrapping_add(&U256::ONE);
    }
}

#[test]
fn first_coordinates_above_the_order_agree() {
    let order = U256::from_be_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let prime_minus_order = U256::from_be_hex("000000000000000000000000000000004319055358e8617b0c46353d039cdaae");
    let (u1, u2) = (Scalar::from_u128(1234), Scalar::from_u128(99));
    let mut valid = 0;
    let near_end = prime_minus_order.wrapping_sub(&U256::from_u64(20));
    for first in [U256::ONE, U256::from_u64(1 << 40), near_end] {
        // A sum whose first coordinate is r + n, and the key that leads to it.
        let (sum, x) = point_from(order.wrapping_add(&first));
        let key = (ProjectivePoint::from(sum) - ProjectivePoint::GENERATOR * u1) * u2.invert().unwrap();
        let r: [u8; 32] = x.wrapping_sub(&order).to_be_bytes().into();
        let good = RawCheck::of_r(&key, u1, u2, &r);
        // r + n as it is, which is out of range.
        let mut out_of_range = good;
        out_of_range.signature[..32].copy_from_slice(x.to_be_bytes().as_ref());
        assert_eq!(verify(&[good, out_of_range]), [true, false]);
        valid += agree(&[good, out_of_range]);
        // A sum whose first coordinate is r + n - p: r + n is not below p, so this is another number modulo n.
        let (sum, x) = point_from(first);
        let key = (ProjectivePoint::from(sum) - ProjectivePoint::GENERATOR * u1) * u2.invert().unwrap();
        let r: [u8; 32] = x.wrapping_add(&prime_minus_order).to_be_bytes().into();
        assert_eq!(agree(&[RawCheck::of_r(&key, u1, u2, &r)]), 0);
    }
    assert_eq!(valid, 3);
}

#[test]
fn signatures_out_of_range_and_digests_above_the_order_agree() {
    let RawCheck { key, .. } = RawCheck::of_multiples(&ProjectivePoint::GENERATOR, Scalar::ONE, Scalar::ONE);
    let order: [u8; 32] = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let order_minus_1 = (-Scalar::ONE).to_bytes().into();
    let order_plus_1: [u8; 32] = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552");
    let ends = [[0; 32], hex(&format!("{:064x}", 1)), order_minus_1, order, order_plus_1, [0xff; 32]];
    let mut cases = Vec::new();
    for r in &ends {
        for s in &ends {
            let signature = [r.as_slice(), s].concat().try_into().unwrap();
            cases.extend(ends.map(|digest| RawCheck { key, digest, signature }));
        }
    }
    agree(&cases);
    // The digest counts modulo n, so these are signatures of it too.
    let signer = SigningKey::from_slice(&[7; 32]).unwrap();
    assert_eq!(agree(&ends.map(|digest| signed(&signer, &digest))), ends.len());
}

/// A signature of this digest.
fn signed(signer: &SigningKey, digest: &[u8; 32]) -> RawCheck {
    let key = signer.verifying_key().to_sec1_point(true).as_bytes().try_into().unwrap();
    let signature: Signature = signer.sign_prehash(digest).unwrap();
    RawCheck { key, digest: *digest, signature: signature.to_bytes().into() }
}

#[test]
fn every_form_of_a_key_agrees() {
    let mut valid = 0;
    for secret in 1..=8 {
        let good = signed(&SigningKey::from_slice(&[secret; 32]).unwrap(), &[9; 32]);
        let keys = (0..=8).chain([0xff]).map(|tag: u8| [[tag].as_slice(), &good.key[1..]].concat().try_into().unwrap());
        valid += agree(&keys.map(|key| RawCheck { key, ..good }).collect::<Vec<_>>());
    }
    assert!((9..16).contains(&valid), "{valid}: all in compressed form, and some in compact form");
    let good = signed(&SigningKey::from_slice(&[7; 32]).unwrap(), &[9; 32]);
    // 0 and 5 are the first coordinates of points; from p on, numbers stand for nothing.
    let prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    let prime_plus_5 = "ffffffff00000001000000000000000000000001000000000000000000000004";
    let xs = [hex(prime), hex(prime_plus_5), [0xff; 32]].into_iter().chain((0..60).map(|n| hex(&format!("{n:064x}"))));
    let with = |tag: u8, x: [u8; 32]| RawCheck { key: [[tag].as_slice(), &x].concat().try_into().unwrap(), ..good };
    let cases: Vec<RawCheck> = xs.flat_map(|x| [2, 3, 5].map(|tag| with(tag, x))).collect();
    assert_eq!(agree(&cases), 0);
    let on_curve = Key::prepare(&cases.iter().map(|case| case.key).collect::<Vec<_>>());
    for (case, key) in cases.iter().zip(&on_curve) {
        assert_eq!(key.is_some(), p256::PublicKey::from_sec1_bytes(&case.key).is_ok(), "{case:?}");
    }
    assert!((60..150).contains(&on_curve.iter().flatten().count()));
}

fn hex(text: &str) -> [u8; 32] {
    std::array::from_fn(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_signatures_agree_with_both(secrets in prop::collection::vec(any::<[u8; 32]>(), 1..5), seed: u64) {
        let mut cases = Vec::new();
        for (number, secret) in secrets.iter().enumerate() {
            let Ok(signer) = SigningKey::from_slice(secret) else { continue };
            let message = [secret.as_slice(), &seed.to_be_bytes()].concat();
            let digest = signatures::digest(&message);
            let mut case = signed(&signer, &digest);
            let point = signer.verifying_key().to_sec1_point(false);
            // Every second signature is damaged in one bit.
            let valid = number % 2 == 0;
            if !valid {
                case.signature[seed as usize % 64] ^= 1 << (seed >> 8 & 7);
            }
            let key = ring::signature::UnparsedPublicKey::new(
                &ring::signature::ECDSA_P256_SHA256_FIXED,
                point.as_bytes(),
            );
            prop_assert_eq!(key.verify(&message, &case.signature).is_ok(), valid);
            prop_assert_eq!(verify(std::slice::from_ref(&case)), [valid]);
            cases.push(case);
        }
        agree(&cases);
    }

    #[test]
    fn random_multiples_agree(key: [u8; 32], u1: [u8; 32], u2: [u8; 32], small in 0_u32..256) {
        let scalar = |bytes: [u8; 32]| Scalar::reduce(&FieldBytes::from(bytes));
        let shifted = Scalar::from(2_u64).pow_vartime(&U256::from_u32(small));
        let point = ProjectivePoint::GENERATOR * scalar(key);
        let pairs = [(scalar(u1), scalar(u2)), (scalar(u1), shifted), (shifted, scalar(u2)), (-shifted, shifted)];
        prop_assert_eq!(agree(&pairs.map(|(u1, u2)| RawCheck::of_multiples(&point, u1, u2))), 4);
    }
}
