//! Scalars as few digits.

/// Bits of half a scalar.
pub(crate) const HALF: usize = 128;

/// A number below `2^128` as the sum of `digit * 2^place` over its places, where most digits are zero: its non-adjacent
/// form of width `W` (Guide to ECC, algorithm 3.35). The other digits are odd and below `2^(W - 1)` by absolute value,
/// and at least `W - 1` zeros follow each of them.
pub(crate) fn non_adjacent_form<const W: u32>(number: u128) -> [i8; HALF + 1] {
    const { assert!(2 <= W && W <= 8) };
    let mut digits = [0; HALF + 1];
    let (mut rest, mut place) = (number, 0);
    while rest != 0 {
        let zeros = rest.trailing_zeros();
        rest >>= zeros;
        place += zeros as usize;
        let lowest = (rest as u32 & ((1 << W) - 1)) as i32;
        let digit = if lowest < 1 << (W - 1) { lowest } else { lowest - (1 << W) };
        digits[place] = digit as i8;
        // (rest - digit) / 2 for two odd numbers, without overflow.
        rest = (rest >> 1).wrapping_add_signed(-i128::from(digit >> 1));
        place += 1;
    }
    digits
}

/// The halves of a big-endian scalar: the lower 128 bits, and the upper 128.
pub(crate) fn halves(scalar: &[u8; 32]) -> [u128; 2] {
    let (upper, lower) = scalar.split_at(16);
    [lower, upper].map(|half| half.iter().fold(0, |number, byte| number << 8 | u128::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The number modulo `2^128` that the digits stand for, and whether they end below `2^129`.
    fn check<const W: u32>(number: u128) {
        let digits = non_adjacent_form::<W>(number);
        let (lower, top) = digits.split_at(HALF);
        let value = lower.iter().rev().fold(0_i128, |sum, digit| sum.wrapping_mul(2).wrapping_add(i128::from(*digit)));
        assert_eq!(value as u128, number);
        assert!(matches!(top, [0 | 1]));
        // The same in floating point, which knows the sign and the 129th bit.
        let rough = digits.iter().rev().fold(0.0, |sum, digit| 2.0 * sum + f64::from(*digit));
        assert!((rough - number as f64).abs() <= 1e-9 * rough);
        for (place, digit) in digits.iter().enumerate().filter(|(_, digit)| **digit != 0) {
            assert!(digit % 2 != 0 && u32::from(digit.unsigned_abs()) < 1 << (W - 1));
            assert!(digits[place + 1..].iter().take(W as usize - 1).all(|digit| *digit == 0));
        }
    }

    proptest! {
        #[test]
        fn digits_add_up_and_are_sparse(number: u128, zeros in 0..128, ones in 0..128) {
            for number in [number, number >> zeros, number | (u128::MAX << ones), number & (u128::MAX >> ones)] {
                check::<2>(number);
                check::<5>(number);
                check::<8>(number);
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_have_digits() {
        for number in [0, 1, 2, 3, u128::MAX, u128::MAX - 1, 1 << 127, (1 << 127) - 1] {
            check::<5>(number);
            check::<8>(number);
        }
        let mut scalar = [0; 32];
        (scalar[0], scalar[15], scalar[16], scalar[31]) = (1, 2, 3, 4);
        assert_eq!(halves(&scalar), [3 << 120 | 4, 1 << 120 | 2]);
    }
}
