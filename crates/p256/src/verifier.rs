use crate::digits::{HALF, halves, non_adjacent_form};
use crate::field::Field;
use crate::key::{self, KEY_WIDTH, Key};
use crate::point::Jacobian;
use crate::reference;
use crate::scalar::{self, Scalar};
use crate::table::{Table, Tables, tables};

/// Width of the digits by which the generator is multiplied; its tables are made once.
const GENERATOR_WIDTH: u32 = 8;

/// The generator in compressed form (SEC 2, 2.4.2).
const GENERATOR: [u8; 33] = [
    0x03, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
    0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
];
/// The curve's order `n` (SEC 2, 2.4.2).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];
/// `p - n`: below it, two numbers below `p` are the same number modulo `n`.
const PRIME_MINUS_ORDER: [u8; 32] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x43, 0x19, 0x05, 0x53, 0x58, 0xe8, 0x61, 0x7b, 0x0c, 0x46, 0x35,
    0x3d, 0x03, 0x9c, 0xda, 0xae,
];

/// A signature to check.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// The signer's key.
    pub key: &'a Key,
    /// The SHA-256 digest of the signed message.
    pub digest: &'a [u8; 32],
    /// `r`, then `s`, 32 bytes each, big-endian.
    pub signature: &'a [u8; 64],
}

/// Checks signatures. It holds tables of the generator's multiples (18 kB), whose calculation takes about as long as
/// ten checks.
#[derive(Debug)]
pub struct Verifier {
    generator: Tables,
}

/// A signature whose numbers are in range.
struct Numbers {
    r: Scalar,
    r_bytes: [u8; 32],
    /// At first `s` itself.
    s_inverse: Scalar,
}

impl Verifier {
    /// A verifier.
    #[must_use]
    pub fn new() -> Self {
        let generator = key::point(&GENERATOR).expect("the generator is on the curve");
        let [generator] = <[Tables; 1]>::try_from(tables(&[generator], 1 << (GENERATOR_WIDTH - 2)))
            .expect("one point has one pair of tables");
        Self { generator }
    }

    /// Whether each signature is valid (SEC 1, 4.1.4). Divisions are shared, so many checks at once are faster.
    #[must_use]
    pub fn verify(&self, checks: &[Check<'_>]) -> Vec<bool> {
        let mut numbers: Vec<Option<Numbers>> = checks.iter().map(|check| Numbers::of(check.signature)).collect();
        scalar::invert_all(numbers.iter_mut().flatten().map(|numbers| &mut numbers.s_inverse).collect());
        let verdict = |(check, numbers): (&Check<'_>, Option<Numbers>)| {
            let Some(numbers) = numbers else { return false };
            self.is_valid(check, &numbers)
                .unwrap_or_else(|| reference::verifies(&check.key.bytes, check.digest, check.signature))
        };
        checks.iter().zip(numbers).map(verdict).collect()
    }

    /// Steps 3 to 8 of SEC 1, 4.1.4. `None` if a sum met a case in which its formula does not hold, which happens only
    /// if somebody has chosen key and signature to this end.
    fn is_valid(&self, check: &Check<'_>, numbers: &Numbers) -> Option<bool> {
        let u1 = scalar::reduced(check.digest) * numbers.s_inverse;
        let u2 = numbers.r * numbers.s_inverse;
        let sum = self.sum_of_multiples(&u1, &check.key.tables, &u2)?;
        sum.is_sure().then(|| has_x_modulo_order(&sum, &numbers.r_bytes))
    }

    /// `u1 * G + u2 * Q`, where `G` is the generator and `Q` the tables' point: Shamir's trick with non-adjacent forms
    /// (Guide to ECC, algorithm 3.51). Each scalar is two halves with a table each, so half the doublings suffice
    /// (Lim and Lee, 1994). `None` if both are zero.
    fn sum_of_multiples(&self, u1: &Scalar, key: &Tables, u2: &Scalar) -> Option<Jacobian> {
        let [g0, g1] = halves(&u1.to_bytes().into()).map(non_adjacent_form::<GENERATOR_WIDTH>);
        let [q0, q1] = halves(&u2.to_bytes().into()).map(non_adjacent_form::<KEY_WIDTH>);
        let [g0_table, g1_table] = &self.generator;
        let [q0_table, q1_table] = key;
        let mut sum: Option<Jacobian> = None;
        for place in (0..=HALF).rev() {
            sum = sum.map(|sum| sum.doubled());
            for (digits, table) in [(&g0, g0_table), (&g1, g1_table), (&q0, q0_table), (&q1, q1_table)] {
                sum = plus_multiple(sum, table, digits[place]);
            }
        }
        sum
    }
}

#[cfg(test)]
impl Verifier {
    /// A verifier that is wrong.
    pub(crate) fn with_tables_swapped(mut self) -> Self {
        self.generator.swap(0, 1);
        self
    }
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new()
    }
}

impl Numbers {
    /// Reads a signature. `None` if `r` or `s` is not in `1..n` (SEC 1, 4.1.4, step 1).
    fn of(signature: &[u8; 64]) -> Option<Self> {
        let (r, s) = signature.split_at(32);
        let (r, s): ([u8; 32], [u8; 32]) = (r.try_into().ok()?, s.try_into().ok()?);
        Some(Self { r: scalar::nonzero(&r)?, r_bytes: r, s_inverse: scalar::nonzero(&s)? })
    }
}

#[inline(always)]
fn plus_multiple(sum: Option<Jacobian>, table: &Table, digit: i8) -> Option<Jacobian> {
    if digit == 0 {
        return sum;
    }
    let point = table.multiple(digit);
    Some(sum.map_or_else(|| point.into(), |sum| sum.plus(&point)))
}

/// Whether the point's first coordinate, which is below `p`, is `r` modulo `n`: it is `r` or `r + n`.
fn has_x_modulo_order(point: &Jacobian, r: &[u8; 32]) -> bool {
    let (Some(x), Some(order)) = (Field::from_bytes(r), Field::from_bytes(&ORDER)) else { return false };
    point.has_x(&x) || (*r < PRIME_MINUS_ORDER && point.has_x(&x.add(&order)))
}
