//! Salts one by one with the processor's own SHA-256 instructions, several in turn. While the processor waits for one
//! salt's rounds, it starts the next one's.
#![allow(unsafe_code, reason = "the processor's own instructions")]

use super::block::{Batch, Block};
use super::kernel::Kernel;
use super::schedule::{FIRST_ROUND, K, LAST_ROUND, NONCE_WORD, Schedule};
use super::search_result::SearchResult;
use super::task::Task;
use core::arch::x86_64::*;

/// Number of salts that take turns.
const STREAMS: usize = 4;

/// The kernel, or `None` if this processor does not have the instructions.
pub(super) fn kernel() -> Option<Kernel> {
    let here = std::arch::is_x86_feature_detected!("sha") && std::arch::is_x86_feature_detected!("sse4.1");
    here.then_some(Kernel { name: "sha-ni", schedule, search_block })
}

fn schedule(second_half: &[u32; 16], nonce: u32) -> Schedule {
    // SAFETY: only `kernel` returns this function, and only if there is SHA-NI.
    unsafe { schedule_with_sha_ni(second_half, nonce) }
}

/// [`Schedule::of`], four words at a time.
#[target_feature(enable = "sha,sse4.1")]
fn schedule_with_sha_ni(second_half: &[u32; 16], nonce: u32) -> Schedule {
    let mut words = *second_half;
    words[NONCE_WORD] = nonce;
    let mut schedule = Schedule::EMPTY;
    let (fours, _) = schedule.0.as_chunks_mut::<4>();
    let mut last = [0, 4, 8, 12].map(|t| load([words[t], words[t + 1], words[t + 2], words[t + 3]]));
    for (i, four) in fours.iter_mut().enumerate() {
        let k = load([K[4 * i], K[4 * i + 1], K[4 * i + 2], K[4 * i + 3]]);
        *four = store(_mm_add_epi32(last[0], k));
        let sum = _mm_add_epi32(_mm_sha256msg1_epu32(last[0], last[1]), _mm_alignr_epi8::<4>(last[3], last[2]));
        last = [last[1], last[2], last[3], _mm_sha256msg2_epu32(sum, last[3])];
    }
    schedule
}

/// Four words, the first one lowest.
#[target_feature(enable = "sha,sse4.1")]
fn load(words: [u32; 4]) -> __m128i {
    let [a, b, c, d] = words.map(|word| word as i32);
    _mm_set_epi32(d, c, b, a)
}

/// The reverse of [`load`].
#[target_feature(enable = "sha,sse4.1")]
fn store(words: __m128i) -> [u32; 4] {
    [
        _mm_extract_epi32::<0>(words),
        _mm_extract_epi32::<1>(words),
        _mm_extract_epi32::<2>(words),
        _mm_extract_epi32::<3>(words),
    ]
    .map(|word| word as u32)
}

fn search_block(block: &Block<'_>) -> SearchResult {
    // SAFETY: only `kernel` returns this function, and only if there is SHA-NI.
    unsafe { search_with_sha_ni(block) }
}

#[target_feature(enable = "sha,sse4.1")]
fn search_with_sha_ni(block: &Block<'_>) -> SearchResult {
    block.search::<Streams>()
}

/// The salts that take turns. Only [`search_with_sha_ni`] makes values of this type, so if there is one, there is
/// SHA-NI.
struct Streams {
    /// The state after the nonce's round, if the nonce were 0, in the two halves that the instructions use: a, b, e, f
    /// and c, d, g, h, each from the highest word to the lowest.
    start: [[__m128i; 2]; STREAMS],
    last: [u32; STREAMS],
    zeros: u32,
}

impl Batch for Streams {
    const SALTS: usize = STREAMS;

    #[inline(always)]
    fn load(task: &Task, place: usize) -> Self {
        let half = |words: [usize; 4], place: usize| {
            let [high, second, third, low] = words.map(|word| task.starts[word][place] as i32);
            // SAFETY: there is SHA-NI, see `Streams`.
            unsafe { _mm_set_epi32(high, second, third, low) }
        };
        Self {
            start: core::array::from_fn(|i| [half([0, 1, 4, 5], place + i), half([2, 3, 6, 7], place + i)]),
            last: core::array::from_fn(|i| task.last[place + i]),
            zeros: task.zeros,
        }
    }

    #[inline(always)]
    fn is_promising(&self, nonce: u32, schedule: &Schedule) -> bool {
        // SAFETY: there is SHA-NI, see `Streams`; all loads are inside the schedule.
        unsafe {
            let mut states = self.start;
            let nonce = _mm_set_epi32(nonce as i32, 0, nonce as i32, 0);
            for state in &mut states {
                state[0] = _mm_add_epi32(state[0], nonce);
            }
            for words in schedule.0[FIRST_ROUND..=LAST_ROUND + 1].chunks_exact(2) {
                let words = _mm_loadl_epi64(words.as_ptr().cast());
                // Two rounds give the next a, b, e, f. Their old values are the next c, d, g, h.
                for [abef, cdgh] in &mut states {
                    (*abef, *cdgh) = (_mm_sha256rnds2_epu32(*cdgh, *abef, words), *abef);
                }
            }
            // After two rounds, f is the e of after the first round.
            let mut any = false;
            for (state, last) in states.iter().zip(self.last) {
                any |= (_mm_cvtsi128_si32(state[0]) as u32).wrapping_add(last) & self.zeros == 0;
            }
            any
        }
    }
}
