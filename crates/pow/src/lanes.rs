/// Several 32-bit words that are processed at once, one for each salt, with the operations of SHA-256.
///
/// Every method must be inlined, because an implementation may use instructions that only the surrounding kernel may
/// use.
pub(super) trait Lanes: Copy {
    /// Number of words.
    const COUNT: usize;
    /// The same word in all lanes.
    fn splat(word: u32) -> Self;
    /// Loads the first [`Lanes::COUNT`] of these words. There must be at least that many.
    fn load(words: &[u32]) -> Self;
    /// Sum modulo 2^32.
    fn add(self, other: Self) -> Self;
    /// Bitwise exclusive or.
    fn xor(self, other: Self) -> Self;
    /// Bitwise and.
    fn and(self, other: Self) -> Self;
    /// Rotation by 1 to 31 bits.
    fn rotate_right(self, bits: u32) -> Self;
    /// Whether any lane is zero.
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

    /// SHA-256's Maj of a, b and c: the majority of the three bits. The caller also passes a ^ b and b ^ c.
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
