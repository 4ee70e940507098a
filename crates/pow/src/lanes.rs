/// Several 32-bit words that are worked on at once, one for each salt: what SHA-256 does with words.
///
/// Every method must be inlined: an implementation may use instructions that only the kernel around
/// it was allowed to use.
pub(super) trait Lanes: Copy {
    /// How many words.
    const COUNT: usize;
    /// The same word in all lanes.
    fn splat(word: u32) -> Self;
    /// The first [`Lanes::COUNT`] of these words, at least so many.
    fn load(words: &[u32]) -> Self;
    /// Sum modulo 2^32.
    fn add(self, other: Self) -> Self;
    /// Bitwise exclusive or.
    fn xor(self, other: Self) -> Self;
    /// Bitwise and.
    fn and(self, other: Self) -> Self;
    /// Rotation by 1 to 31 bits.
    fn rotate_right(self, bits: u32) -> Self;
    /// Whether a lane is zero.
    fn any_zero(self) -> bool;

    /// Exclusive or of three.
    #[inline(always)]
    fn xor3(self, second: Self, third: Self) -> Self {
        self.xor(second).xor(third)
    }

    /// SHA-256's Ch: each bit of `self` chooses between those of `one` and `zero`.
    #[inline(always)]
    fn choose(self, one: Self, zero: Self) -> Self {
        zero.xor(self.and(one.xor(zero)))
    }

    /// SHA-256's Maj of a, b and c: what most of the three bits are, given a ^ b and b ^ c too.
    #[inline(always)]
    fn majority([_, b, _]: [Self; 3], ab: Self, bc: Self) -> Self {
        b.xor(ab.and(bc))
    }

    /// SHA-256's large sigma 0.
    #[inline(always)]
    fn large_sigma0(self) -> Self {
        self.rotate_right(2).xor3(self.rotate_right(13), self.rotate_right(22))
    }

    /// SHA-256's large sigma 1.
    #[inline(always)]
    fn large_sigma1(self) -> Self {
        self.rotate_right(6).xor3(self.rotate_right(11), self.rotate_right(25))
    }
}
