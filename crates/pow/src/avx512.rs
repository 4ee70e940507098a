//! Thirty-two salts at a time with two of AVX-512's 512-bit vectors. While the processor waits for one, it works on the
//! other.
#![allow(unsafe_code, reason = "the processor's own instructions")]

use super::block::Block;
use super::kernel::Kernel;
use super::lanes::Lanes;
use super::rounds::Parallel;
use super::schedule::Schedule;
use super::search_result::SearchResult;
use core::arch::x86_64::*;

/// The kernel, or `None` if this processor has no AVX-512F.
pub(super) fn kernel() -> Option<Kernel> {
    std::arch::is_x86_feature_detected!("avx512f").then_some(Kernel {
        name: "avx512",
        schedule: Schedule::of,
        search_block,
    })
}

fn search_block(block: &Block<'_>) -> SearchResult {
    // SAFETY: only `kernel` returns this function, and only if there is AVX-512F.
    unsafe { search_with_avx512(block) }
}

#[target_feature(enable = "avx512f")]
fn search_with_avx512(block: &Block<'_>) -> SearchResult {
    block.search::<Parallel<U32x32>>()
}

/// Thirty-two words. Only [`search_with_avx512`] makes values of this type, so if there is one, there is AVX-512F.
#[derive(Clone, Copy)]
struct U32x32(__m512i, __m512i);

impl Lanes for U32x32 {
    const COUNT: usize = 32;

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: there is AVX-512F, see `U32x32`.
        let words = unsafe { _mm512_set1_epi32(word as i32) };
        Self(words, words)
    }

    #[inline(always)]
    fn load(words: &[u32]) -> Self {
        let (low, high) = words[..Self::COUNT].split_at(16);
        // SAFETY: there is AVX-512F, see `U32x32`; each slice has 64 bytes, which need no alignment.
        unsafe { Self(_mm512_loadu_si512(low.as_ptr().cast()), _mm512_loadu_si512(high.as_ptr().cast())) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: there is AVX-512F, see `U32x32`.
        unsafe { Self(_mm512_add_epi32(self.0, other.0), _mm512_add_epi32(self.1, other.1)) }
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: there is AVX-512F, see `U32x32`.
        unsafe { Self(_mm512_xor_si512(self.0, other.0), _mm512_xor_si512(self.1, other.1)) }
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: there is AVX-512F, see `U32x32`.
        unsafe { Self(_mm512_and_si512(self.0, other.0), _mm512_and_si512(self.1, other.1)) }
    }

    #[inline(always)]
    fn rotate_right(self, bits: u32) -> Self {
        let bits = Self::splat(bits).0;
        // SAFETY: there is AVX-512F, see `U32x32`. The compiler makes rotations by constants of these.
        unsafe { Self(_mm512_rorv_epi32(self.0, bits), _mm512_rorv_epi32(self.1, bits)) }
    }

    #[inline(always)]
    fn any_zero(self) -> bool {
        // SAFETY: there is AVX-512F, see `U32x32`.
        unsafe { (_mm512_testn_epi32_mask(self.0, self.0) | _mm512_testn_epi32_mask(self.1, self.1)) != 0 }
    }

    #[inline(always)]
    fn xor3(self, second: Self, third: Self) -> Self {
        logic::<XOR3>(self, second, third)
    }

    #[inline(always)]
    fn choose(self, one: Self, zero: Self) -> Self {
        logic::<CHOOSE>(self, one, zero)
    }

    #[inline(always)]
    fn majority([a, b, c]: [Self; 3], _: Self, _: Self) -> Self {
        logic::<MAJORITY>(a, b, c)
    }
}

/// Truth tables of three bits a, b and c: bit 4a + 2b + c is the value.
const XOR3: i32 = 0b1001_0110;
const CHOOSE: i32 = 0b1100_1010;
const MAJORITY: i32 = 0b1110_1000;

/// A function of three bits in one instruction.
#[inline(always)]
fn logic<const TABLE: i32>(a: U32x32, b: U32x32, c: U32x32) -> U32x32 {
    // SAFETY: there is AVX-512F, see `U32x32`.
    unsafe {
        U32x32(_mm512_ternarylogic_epi32::<TABLE>(a.0, b.0, c.0), _mm512_ternarylogic_epi32::<TABLE>(a.1, b.1, c.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Needs no AVX-512, which few test machines have.
    #[test]
    fn the_tables_match_the_portable_methods() {
        for index in 0..8 {
            let [a, b, c] = [4, 2, 1].map(|bit| u32::from(index & bit != 0));
            let value = |table: i32| (table >> index & 1) as u32;
            assert_eq!(value(XOR3), a.xor3(b, c));
            assert_eq!(value(CHOOSE), a.choose(b, c));
            assert_eq!(value(MAJORITY), u32::majority([a, b, c], a ^ b, b ^ c));
        }
    }
}
