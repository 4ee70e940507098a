use crate::{Bytes, RawCheck};
use p256::elliptic_curve::bigint::U256;
use p256::elliptic_curve::ops::Reduce;
use p256::{FieldBytes, ProjectivePoint, Scalar};

/// Number of checks in a batch.
const COUNT: usize = 3;

/// `fedcoin-p256` and `p256` agree about any keys, digests and signatures.
pub fn signature(bytes: &[u8]) {
    let mut choices = Bytes::new(bytes);
    let checks: [RawCheck; COUNT] = std::array::from_fn(|_| check(&mut choices));
    for (check, found) in checks.iter().zip(RawCheck::all_by_fast(&checks)) {
        assert_eq!(found, check.by_reference(), "{check:?}");
    }
}

/// Any bytes, or a valid signature with chosen scalars, of which some bytes may be changed.
fn check(choices: &mut Bytes<'_>) -> RawCheck {
    if choices.once_in(4) {
        return RawCheck { key: array(choices), digest: array(choices), signature: array(choices) };
    }
    let key = ProjectivePoint::GENERATOR * scalar(choices);
    let (u1, u2) = (scalar(choices), scalar(choices));
    let mut check = RawCheck::of_multiples(&key, u1, u2);
    let RawCheck { key, digest, signature } = &mut check;
    for part in [key.as_mut_slice(), digest, signature] {
        if choices.once_in(4) {
            let place = choices.below(part.len());
            part[place] ^= choices.byte();
        }
    }
    check
}

/// A scalar near a power of two, or any, or the negative of one.
fn scalar(choices: &mut Bytes<'_>) -> Scalar {
    let kind = choices.byte();
    let number = match kind % 4 {
        0 => Scalar::from(u64::from(choices.byte())),
        1 => Scalar::from(2_u64).pow_vartime(&U256::from_u8(choices.byte())) + Scalar::from(u64::from(choices.byte())),
        2 => Scalar::from(2_u64).pow_vartime(&U256::from_u8(choices.byte())) - Scalar::from(u64::from(choices.byte())),
        _ => Scalar::reduce(&FieldBytes::from(array::<32>(choices))),
    };
    if kind & 4 == 0 { number } else { -number }
}

fn array<const N: usize>(choices: &mut Bytes<'_>) -> [u8; N] {
    std::array::from_fn(|_| choices.byte())
}
