use super::block::Batch;
use super::lanes::Lanes;
use super::schedule::{FIRST_ROUND, Schedule};
use super::task::Task;

/// Rounds are written in groups of eight. After eight rounds, every word of the state is back in its place.
const EIGHTS: core::ops::Range<usize> = FIRST_ROUND..FIRST_ROUND + 48;

/// Salts side by side in lanes.
pub(super) struct Parallel<V> {
    /// The state after the nonce's round, if the nonce were 0.
    start: [V; 8],
    last: V,
    zeros: V,
}

impl<V: Lanes> Batch for Parallel<V> {
    const SALTS: usize = V::COUNT;

    #[inline(always)]
    fn load(task: &Task, place: usize) -> Self {
        Self {
            start: core::array::from_fn(|word| V::load(&task.starts[word][place..])),
            last: V::load(&task.last[place..]),
            zeros: V::splat(task.zeros),
        }
    }

    #[inline(always)]
    fn is_promising(&self, nonce: u32, schedule: &Schedule) -> bool {
        deciding_word(&self.start, nonce, schedule).add(self.last).and(self.zeros).any_zero()
    }
}

/// SHA-256's rounds (FIPS 180-4, section 6.2.2, step 3) from the one after the nonce's up to the one that gives the
/// deciding word, which is the hash's last word minus the midstate's.
///
/// `start` is the state after the nonce's round, if the nonce were 0. The hash is read as a little-endian number (rule
/// E3), so its last word decides. That word is the state's `e` after round 60. `a` is needed only up to round 56: from
/// there it reaches round 60 as `d`.
#[inline(always)]
fn deciding_word<V: Lanes>(start: &[V; 8], nonce: u32, schedule: &Schedule) -> V {
    let mut state = *start;
    // The nonce's round adds the nonce to these two words.
    let nonce = V::splat(nonce);
    state[0] = state[0].add(nonce);
    state[4] = state[4].add(nonce);
    let mut bc = state[1].xor(state[2]);
    let words = &schedule.0;
    for eight in words[EIGHTS].chunks_exact(8) {
        round::<V, 0>(&mut state, &mut bc, eight[0]);
        round::<V, 1>(&mut state, &mut bc, eight[1]);
        round::<V, 2>(&mut state, &mut bc, eight[2]);
        round::<V, 3>(&mut state, &mut bc, eight[3]);
        round::<V, 4>(&mut state, &mut bc, eight[4]);
        round::<V, 5>(&mut state, &mut bc, eight[5]);
        round::<V, 6>(&mut state, &mut bc, eight[6]);
        round::<V, 7>(&mut state, &mut bc, eight[7]);
    }
    round::<V, 0>(&mut state, &mut bc, words[54]);
    round::<V, 1>(&mut state, &mut bc, words[55]);
    round::<V, 2>(&mut state, &mut bc, words[56]);
    half_round::<V, 3>(&mut state, words[57]);
    half_round::<V, 4>(&mut state, words[58]);
    half_round::<V, 5>(&mut state, words[59]);
    half_round::<V, 6>(&mut state, words[60]);
    state[place::<7>(E)]
}

/// Positions of the words in the state of a round whose number is divisible by eight.
const A: usize = 0;
const B: usize = 1;
const C: usize = 2;
const D: usize = 3;
const E: usize = 4;
const F: usize = 5;
const G: usize = 6;
const H: usize = 7;

/// Position of a word before round `T` of eight. Each round makes h into the next round's a, d into its e, and renames
/// the others, so nothing moves.
///
/// Inlined, like everything here, even if the compiler optimises for size, as for the page.
#[inline(always)]
const fn place<const T: usize>(word: usize) -> usize {
    (word + 8 - T) % 8
}

/// One round, the `T`th of eight. `bc` is b ^ c for this round, and afterwards for the next.
#[inline(always)]
fn round<V: Lanes, const T: usize>(state: &mut [V; 8], bc: &mut V, word: u32) {
    let sum = half_round::<V, T>(state, word);
    let [a, b, c] = [state[place::<T>(A)], state[place::<T>(B)], state[place::<T>(C)]];
    let ab = a.xor(b);
    state[place::<T>(H)] = sum.add(a.large_sigma0()).add(V::majority([a, b, c], ab, *bc));
    *bc = ab;
}

/// The half of a round that the next `e` needs. Returns T1, which the other half needs.
#[inline(always)]
fn half_round<V: Lanes, const T: usize>(state: &mut [V; 8], word: u32) -> V {
    let [e, f, g, h] = [state[place::<T>(E)], state[place::<T>(F)], state[place::<T>(G)], state[place::<T>(H)]];
    let sum = h.add(V::splat(word)).add(e.choose(f, g)).add(e.large_sigma1());
    state[place::<T>(D)] = state[place::<T>(D)].add(sum);
    sum
}
