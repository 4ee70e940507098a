use fedcoin_p256::{Check, Key, Verifier, reference};
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::AffineCoordinates;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{FieldBytes, ProjectivePoint, Scalar};
use std::sync::LazyLock;

/// A signature check in bytes: those of any key, digest and signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawCheck {
    /// The key in compressed form.
    pub key: [u8; 33],
    /// The message's digest.
    pub digest: [u8; 32],
    /// `r`, then `s`.
    pub signature: [u8; 64],
}

impl RawCheck {
    /// The check that `u1 * G + u2 * key` decides. The signature is valid, unless the sum is the point at infinity or
    /// `u2` is zero. No key must be known, and every pair of scalars can be had.
    #[must_use]
    pub fn of_multiples(key: &ProjectivePoint, u1: Scalar, u2: Scalar) -> Self {
        let sum = (ProjectivePoint::GENERATOR * u1 + *key * u2).to_affine();
        Self::of_r(key, u1, u2, &Scalar::reduce(&sum.x()).to_bytes().into())
    }

    /// The same with any `r`.
    #[must_use]
    pub fn of_r(key: &ProjectivePoint, u1: Scalar, u2: Scalar, r: &[u8; 32]) -> Self {
        // u1 = z / s and u2 = r / s.
        let s = Scalar::reduce(&FieldBytes::from(*r)) * Option::<Scalar>::from(u2.invert()).unwrap_or(Scalar::ONE);
        let point = key.to_affine().to_sec1_point(true);
        Self {
            // The point at infinity has one byte, which is no key of 33.
            key: point.as_bytes().try_into().unwrap_or([0; 33]),
            digest: (u1 * s).to_bytes().into(),
            signature: [r.as_slice(), &s.to_bytes()].concat().try_into().unwrap(),
        }
    }

    /// The verdict of `p256`.
    #[must_use]
    pub fn by_reference(&self) -> bool {
        reference::verifies(&self.key, &self.digest, &self.signature)
    }

    /// The verdicts of `fedcoin-p256` on these checks as one batch.
    #[must_use]
    pub fn all_by_fast(checks: &[Self]) -> Vec<bool> {
        static VERIFIER: LazyLock<Verifier> = LazyLock::new(Verifier::new);
        let keys = Key::prepare(&checks.iter().map(|check| check.key).collect::<Vec<_>>());
        let of_points = keys.iter().zip(checks).filter_map(|(key, check)| {
            Some(Check { key: key.as_ref()?, digest: &check.digest, signature: &check.signature })
        });
        let mut found = VERIFIER.verify(&of_points.collect::<Vec<_>>()).into_iter();
        keys.iter().map(|key| key.is_some() && found.next().unwrap()).collect()
    }
}
