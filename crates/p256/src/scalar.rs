//! Numbers modulo the curve's order `n`, by the crate `p256`.

use p256::FieldBytes;
pub(crate) use p256::Scalar;
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::ops::Reduce;

/// Reads 32 big-endian bytes as a number in `1..n`.
pub(crate) fn nonzero(bytes: &[u8; 32]) -> Option<Scalar> {
    let scalar = Option::<Scalar>::from(Scalar::from_repr(FieldBytes::from(*bytes)))?;
    (scalar != Scalar::ZERO).then_some(scalar)
}

/// Reads 32 big-endian bytes as a number modulo `n`.
pub(crate) fn reduced(bytes: &[u8; 32]) -> Scalar {
    Scalar::reduce(&FieldBytes::from(*bytes))
}

/// Replaces numbers, none of which is zero, by their inverses, with one division for all of them: Montgomery's trick
/// (Guide to ECC, algorithm 2.26).
pub(crate) fn invert_all(numbers: Vec<&mut Scalar>) {
    let mut product = Scalar::ONE;
    let mut before = Vec::with_capacity(numbers.len());
    for number in &numbers {
        before.push(product);
        product *= &**number;
    }
    let mut inverse = product.invert_vartime().unwrap_or(Scalar::ZERO);
    for (number, before) in numbers.into_iter().zip(before).rev() {
        let rest = inverse * *number;
        *number = inverse * before;
        inverse = rest;
    }
}
