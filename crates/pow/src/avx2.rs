//! Eight salts at a time with AVX2's 256-bit vectors.
#![allow(unsafe_code, reason = "the processor's own instructions")]

use super::block::Block;
use super::kernel::Kernel;
use super::lanes::Lanes;
use super::rounds::Parallel;
use super::schedule::Schedule;
use super::search_result::SearchResult;
use core::arch::x86_64::*;

/// The kernel, or `None` if this processor has no AVX2.
pub(super) fn kernel() -> Option<Kernel> {
    std::arch::is_x86_feature_detected!("avx2").then_some(Kernel { name: "avx2", schedule: Schedule::of, search_block })
}

fn search_block(block: &Block<'_>) -> SearchResult {
    // SAFETY: only `kernel` returns this function, and only if there is AVX2.
    unsafe { search_with_avx2(block) }
}

#[target_feature(enable = "avx2")]
fn search_with_avx2(block: &Block<'_>) -> SearchResult {
    block.search::<Parallel<U32x8>>()
}

/// Eight words. Only [`search_with_avx2`] makes values of this type, so if there is one, there is AVX2.
#[derive(Clone, Copy)]
struct U32x8(__m256i);

impl Lanes for U32x8 {
    const COUNT: usize = 8;

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: there is AVX2, see `U32x8`.
        unsafe { Self(_mm256_set1_epi32(word as i32)) }
    }

    #[inline(always)]
    fn load(words: &[u32]) -> Self {
        let words = &words[..Self::COUNT];
        // SAFETY: there is AVX2, see `U32x8`; the slice has 32 bytes, which need no alignment.
        unsafe { Self(_mm256_loadu_si256(words.as_ptr().cast())) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: there is AVX2, see `U32x8`.
        unsafe { Self(_mm256_add_epi32(self.0, other.0)) }
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: there is AVX2, see `U32x8`.
        unsafe { Self(_mm256_xor_si256(self.0, other.0)) }
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: there is AVX2, see `U32x8`.
        unsafe { Self(_mm256_and_si256(self.0, other.0)) }
    }

    #[inline(always)]
    fn rotate_right(self, bits: u32) -> Self {
        let (right, left) = (Self::splat(bits), Self::splat(32 - bits));
        // SAFETY: there is AVX2, see `U32x8`. The compiler makes shifts by constants of these.
        unsafe { Self(_mm256_or_si256(_mm256_srlv_epi32(self.0, right.0), _mm256_sllv_epi32(self.0, left.0))) }
    }

    #[inline(always)]
    fn any_zero(self) -> bool {
        // SAFETY: there is AVX2, see `U32x8`.
        unsafe { _mm256_movemask_epi8(_mm256_cmpeq_epi32(self.0, _mm256_setzero_si256())) != 0 }
    }
}
