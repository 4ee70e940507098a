//! Numbers modulo the prime `p = 2^256 - 2^224 + 2^192 + 2^96 - 1` (FIPS 186-4, D.1.2.3).

/// Bits of a limb.
const BITS: u32 = 29;
const MASK: i64 = (1 << BITS) - 1;
/// Limbs of a number.
const LIMBS: usize = 9;

/// `p` in limbs.
const P: [i64; LIMBS] = [MASK, MASK, MASK, 0x1ff, 0, 0, 0x4_0000, 0x1fe0_0000, 0xff_ffff];

/// A number `x` modulo `p`, stored as an integer congruent to `x * 2^261` (Montgomery's form) in 9 signed limbs of 29
/// bits, the lowest first.
///
/// WebAssembly multiplies 64 bits by 64 bits and keeps the lower 64. With limbs of 29 bits the nine products of a
/// column, and the reduction, fit into an `i64` without a carry in between. Signed limbs make subtraction a subtraction
/// of limbs. The price is a bound that the caller keeps, the *weight*. A number of weight `w` has
///
/// - lower limbs of at most `w * 2^28`, and a highest limb of at most `w * 2^25`, both by absolute value;
/// - therefore an integer of at most about `2 * w * p` by absolute value.
///
/// Products and [`Field::folded`] have weight 1. Sums and differences have the sum of both weights. The product of the
/// weights of two factors may be at most [`MAX_PRODUCT`]. Builds with debug assertions check this at each product.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field([i64; LIMBS]);

/// The largest product of the weights of two factors. Then a column is at most `9 * 6 * 2^56 < 2^62`, which leaves room
/// for the reduction, and the result's integer is between `-p * 6 * 4 / 32` and `p * (1 + 6 * 4 / 32)`, so its weight
/// is 1.
const MAX_PRODUCT: i64 = 6;

impl Field {
    /// `2^261 mod p = 2^229 - 2^197 - 2^101 + 2^5`.
    pub(crate) const ONE: Self = Self([1 << 5, 0, 0, -(1 << 14), 0, 0, -(1 << 23), 1 << 26, 0]);
    /// The factor that brings a number into Montgomery's form: `2^522 mod p`.
    const INTO_FORM: Self =
        Self([0xc00, 0, 0x1fff_0000, 0x1fdf_ffff, 0x1fbf_ffff, 0x1fff_ffff, 0x1fff_ffff, 0x1fff_fffe, 0x13]);

    /// Reads 32 big-endian bytes. `None` if the number is not below `p`.
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let mut limbs = [0; LIMBS];
        for (place, byte) in bytes.iter().rev().enumerate() {
            let (limb, shift) = (8 * place / BITS as usize, 8 * place as u32 % BITS);
            let shifted = i64::from(*byte) << shift;
            limbs[limb] |= shifted & MASK;
            if shifted > MASK {
                limbs[limb + 1] |= shifted >> BITS;
            }
        }
        // Both factors have limbs below 2^29: weight 2.
        is_below(&limbs, &P).then(|| Self(limbs).mul(&Self::INTO_FORM))
    }

    /// The product. Weight 1. Copies of it in each formula are not faster, and take 20 kB of the page.
    #[rustfmt::skip]
    #[inline(never)]
    pub(crate) fn mul(&self, other: &Self) -> Self {
        debug_assert!(self.weight() * other.weight() <= MAX_PRODUCT, "{self:?} * {other:?}");
        let ([a0, a1, a2, a3, a4, a5, a6, a7, a8], [b0, b1, b2, b3, b4, b5, b6, b7, b8]) = (self.0, other.0);
        reduced([
            a0 * b0,
            a0 * b1 + a1 * b0,
            a0 * b2 + a1 * b1 + a2 * b0,
            a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
            a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0,
            a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
            a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
            a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
            a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
            a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
            a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
            a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
            a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
            a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
            a6 * b8 + a7 * b7 + a8 * b6,
            a7 * b8 + a8 * b7,
            a8 * b8,
        ])
    }

    /// The square. Weight 1.
    #[rustfmt::skip]
    #[inline(never)]
    pub(crate) fn square(&self) -> Self {
        debug_assert!(self.weight() * self.weight() <= MAX_PRODUCT, "{self:?} squared");
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0;
        reduced([
            a0 * a0,
            2 * (a0 * a1),
            2 * (a0 * a2) + a1 * a1,
            2 * (a0 * a3 + a1 * a2),
            2 * (a0 * a4 + a1 * a3) + a2 * a2,
            2 * (a0 * a5 + a1 * a4 + a2 * a3),
            2 * (a0 * a6 + a1 * a5 + a2 * a4) + a3 * a3,
            2 * (a0 * a7 + a1 * a6 + a2 * a5 + a3 * a4),
            2 * (a0 * a8 + a1 * a7 + a2 * a6 + a3 * a5) + a4 * a4,
            2 * (a1 * a8 + a2 * a7 + a3 * a6 + a4 * a5),
            2 * (a2 * a8 + a3 * a7 + a4 * a6) + a5 * a5,
            2 * (a3 * a8 + a4 * a7 + a5 * a6),
            2 * (a4 * a8 + a5 * a7) + a6 * a6,
            2 * (a5 * a8 + a6 * a7),
            2 * (a6 * a8) + a7 * a7,
            2 * (a7 * a8),
            a8 * a8,
        ])
    }

    /// The sum. The weights add up.
    #[inline(always)]
    pub(crate) fn add(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }

    /// The difference. The weights add up.
    #[inline(always)]
    pub(crate) fn sub(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }

    /// The number times a small factor, by which its weight grows too.
    #[inline(always)]
    pub(crate) fn times(&self, factor: i64) -> Self {
        Self(self.0.map(|limb| factor * limb))
    }

    /// The same number with weight 1, from any weight below 1000: subtracts the multiple of `p` that makes the highest
    /// limb small, and carries.
    #[inline(always)]
    pub(crate) fn folded(&self) -> Self {
        let [l0, l1, l2, l3, l4, l5, l6, l7, l8] = self.0;
        // In limbs, p = -1 + (1 << 9) at 3 + (1 << 18) at 6 - (1 << 21) at 7 + (1 << 24) at 8.
        let q = (l8 + (1 << 23)) >> 24;
        carried([l0 + q, l1, l2, l3 - (q << 9), l4, l5, l6 - (q << 18), l7 + (q << 21), l8 - (q << 24)])
    }

    /// The inverse: `self^(p - 2)` (Fermat). That of zero is zero.
    pub(crate) fn inverse(&self) -> Self {
        let (ones30, ones32) = self.powers_of_ones();
        let power = ones32.squared_times(32).mul(self);
        let power = power.squared_times(128).mul(&ones32);
        let power = power.squared_times(32).mul(&ones32);
        let power = power.squared_times(30).mul(&ones30);
        power.squared_times(2).mul(self)
    }

    /// A square root: `self^((p + 1) / 4)`, as `p` is 3 modulo 4 (SEC 1, 2.3.4; Guide to ECC, algorithm 3.36). `None`
    /// if there is none.
    pub(crate) fn square_root(&self) -> Option<Self> {
        let (_, ones32) = self.powers_of_ones();
        let power = ones32.squared_times(32).mul(self).squared_times(96).mul(self).squared_times(94);
        power.square().sub(self).is_zero().then_some(power)
    }

    /// `self` to the powers `2^30 - 1` and `2^32 - 1`, whose bits are all ones.
    fn powers_of_ones(&self) -> (Self, Self) {
        let ones2 = self.square().mul(self);
        let ones3 = ones2.square().mul(self);
        let ones6 = ones3.squared_times(3).mul(&ones3);
        let ones12 = ones6.squared_times(6).mul(&ones6);
        let ones15 = ones12.squared_times(3).mul(&ones3);
        let ones30 = ones15.squared_times(15).mul(&ones15);
        (ones30, ones30.squared_times(2).mul(&ones2))
    }

    fn squared_times(&self, times: u32) -> Self {
        let mut power = *self;
        for _ in 0..times {
            power = power.square();
        }
        power
    }

    /// Whether the number is zero modulo `p`, up to weight 15.
    pub(crate) fn is_zero(&self) -> bool {
        self.canonical() == [0; LIMBS]
    }

    /// Whether the number's only form in `0..p` is odd, up to weight 15.
    pub(crate) fn is_odd(&self) -> bool {
        self.canonical()[0] & 1 == 1
    }

    /// Whether the number is smaller than another one, both in their only form in `0..p`, up to weight 15.
    pub(crate) fn is_below(&self, other: &Self) -> bool {
        is_below(&self.canonical(), &other.canonical())
    }

    /// The limbs of the number itself, in `0..p`, up to weight 15.
    fn canonical(&self) -> [i64; LIMBS] {
        let mut columns = [0; 17];
        columns[..LIMBS].copy_from_slice(&self.0);
        // The integer's absolute value is below 2^261. So the reduction returns something in 0..=p, and p for zero only.
        let Self(mut limbs) = reduced(columns);
        for i in 0..LIMBS - 1 {
            limbs[i + 1] += limbs[i] >> BITS;
            limbs[i] &= MASK;
        }
        if limbs == P { [0; LIMBS] } else { limbs }
    }

    /// The limbs of a number of weight 1 in less memory.
    pub(crate) fn packed(&self) -> [i32; LIMBS] {
        debug_assert!(self.weight() == 1, "{self:?}");
        self.0.map(|limb| limb as i32)
    }

    #[inline(always)]
    pub(crate) fn unpacked(limbs: &[i32; LIMBS]) -> Self {
        Self(limbs.map(i64::from))
    }

    /// The smallest weight that these limbs allow, at least 1.
    fn weight(&self) -> i64 {
        let lower = self.0[..LIMBS - 1].iter().map(|limb| limb.abs()).max().unwrap_or(0);
        let weight = |limb: i64, bits: u32| (limb + (1 << bits) - 1) >> bits;
        weight(lower, 28).max(weight(self.0[LIMBS - 1].abs(), 25)).max(1)
    }
}

/// Montgomery's reduction: divides by `2^261` modulo `p`, a limb at a time.
///
/// In limbs, `p` is `-1` at 0, `2^9` at 3, `2^18` at 6, `-2^21` at 7 and `2^24` at 8. As its lowest limb is -1, adding
/// `m * p` clears a column whose lower 29 bits are `m`.
#[inline(always)]
fn reduced(columns: [i64; 17]) -> Field {
    let mut t = columns;
    let mut carry = 0;
    for i in 0..LIMBS {
        let sum = t[i] + carry;
        let m = sum & MASK;
        carry = sum >> BITS;
        t[i + 3] += m << 9;
        t[i + 6] += m << 18;
        t[i + 7] -= m << 21;
        t[i + 8] += m << 24;
    }
    carried([t[9] + carry, t[10], t[11], t[12], t[13], t[14], t[15], t[16], 0])
}

/// The same integer with lower limbs in `-2^28..2^28`.
#[inline(always)]
fn carried(mut limbs: [i64; LIMBS]) -> Field {
    for i in 0..LIMBS - 1 {
        let carry = (limbs[i] + (1 << (BITS - 1))) >> BITS;
        limbs[i] -= carry << BITS;
        limbs[i + 1] += carry;
    }
    Field(limbs)
}

/// Compares integers with limbs in `0..2^29`.
fn is_below(a: &[i64; LIMBS], b: &[i64; LIMBS]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::elliptic_curve::bigint::{NonZero, U256};
    use proptest::prelude::*;

    const PRIME: U256 = U256::from_be_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

    fn prime() -> NonZero<U256> {
        NonZero::new(PRIME).unwrap()
    }

    fn field(number: &U256) -> Field {
        Field::from_bytes(&number.to_be_bytes().into()).unwrap()
    }

    fn number(field: &Field) -> U256 {
        field.canonical().iter().rev().fold(U256::ZERO, |all, limb| {
            all.shl_vartime(BITS).wrapping_add(&U256::from_u64(u64::try_from(*limb).unwrap()))
        })
    }

    /// Numbers with long runs of zeros and ones are where carries go wrong.
    fn any_number() -> impl Strategy<Value = U256> {
        let runs = prop::collection::vec(prop_oneof![Just(0_u8), Just(0xff), Just(0x80), Just(1), any::<u8>()], 32);
        let near = (0_u64..5, any::<bool>()).prop_map(|(distance, low)| {
            let distance = U256::from_u64(distance);
            if low { distance } else { PRIME.wrapping_sub(&distance).wrapping_sub(&U256::ONE) }
        });
        prop_oneof![runs.prop_map(|bytes| U256::from_be_slice(&bytes).rem_vartime(&prime())), near]
    }

    /// A number of weight 1 whose limbs are as large as they may be, with the signs of `signs`.
    fn extreme(signs: u16) -> Field {
        Field(std::array::from_fn(|i| {
            let largest = if i == LIMBS - 1 { 1 << 25 } else { 1 << 28 };
            if signs >> i & 1 == 1 { -largest } else { largest }
        }))
    }

    #[test]
    fn constants_are_what_they_say() {
        assert_eq!(number(&Field::ONE), U256::ONE);
        assert_eq!(number(&field(&U256::ONE)), U256::ONE);
        assert!(field(&U256::ZERO).is_zero() && !Field::ONE.is_zero());
        assert!(Field::from_bytes(&PRIME.to_be_bytes().into()).is_none());
        assert!(Field::from_bytes(&[0xff; 32]).is_none());
        assert!(field(&PRIME.wrapping_sub(&U256::ONE)).add(&Field::ONE).is_zero());
    }

    proptest! {
        #[test]
        fn arithmetic_agrees_with_plain_numbers(a in any_number(), b in any_number()) {
            let (x, y, prime) = (field(&a), field(&b), prime());
            prop_assert_eq!(number(&x), a);
            prop_assert_eq!(number(&x.mul(&y)), a.mul_mod(&b, &prime));
            prop_assert_eq!(number(&x.square()), a.mul_mod(&a, &prime));
            prop_assert_eq!(number(&x.add(&y)), a.add_mod(&b, &prime));
            prop_assert_eq!(number(&x.sub(&y)), a.sub_mod(&b, &prime));
            prop_assert_eq!(number(&x.times(3)), a.add_mod(&a, &prime).add_mod(&a, &prime));
            prop_assert_eq!(number(&x.sub(&y).times(4).folded()), number(&x.sub(&y).times(4)));
            prop_assert_eq!(number(&Field::unpacked(&x.packed())), a);
            prop_assert_eq!(x.is_odd(), a.to_be_bytes().as_ref()[31] & 1 == 1);
            prop_assert_eq!(x.is_below(&y), a < b);
            prop_assert_eq!(x.sub(&y).is_zero(), a == b);
        }

        #[test]
        fn inverses_and_roots_are_found(a in any_number()) {
            let x = field(&a);
            let one = if x.is_zero() { U256::ZERO } else { U256::ONE };
            prop_assert_eq!(number(&x.mul(&x.inverse())), one);
            let root = x.square().square_root().unwrap();
            prop_assert!(root.sub(&x).is_zero() || root.add(&x).is_zero());
            // -1 has no root, so of a number and its negative only one has.
            prop_assert!(x.is_zero() || x.square().times(-1).square_root().is_none());
        }

        #[test]
        fn the_largest_limbs_do_not_overflow(signs in any::<[u16; 2]>()) {
            // Builds for tests panic when a sum or product overflows.
            let [a, b] = signs.map(extreme);
            let (x, y) = (number(&a), number(&b));
            let prime = prime();
            let six = U256::from_u64(6);
            let product = a.times(MAX_PRODUCT).mul(&b);
            prop_assert_eq!(product.weight(), 1);
            prop_assert_eq!(number(&product), x.mul_mod(&y, &prime).mul_mod(&six, &prime));
            let square = a.times(2).square();
            prop_assert_eq!(square.weight(), 1);
            prop_assert_eq!(a.times(1000).folded().weight(), 1);
            prop_assert_eq!(number(&a.times(13).folded()), number(&a.times(13)));
        }
    }
}
