//! Implementations of the search besides the kernels, for comparison.

use core::ops::Range;
use fedcoin_node::pow::ROUND_CONSTANTS;
use fedcoin_node::primitives::{HEADER_BYTES, Header};
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

/// A search: returns the first nonce of the range for which the top 32 bits of the header's hash, read as a number, do
/// not exceed the limit.
#[derive(Clone, Copy)]
pub(super) struct Reference {
    pub(super) name: &'static str,
    pub(super) search: fn(&Header, limit: u32, Range<u32>) -> Option<u32>,
}

/// `sha2`, one compression per attempt.
pub(super) const COMPRESS: &str = "sha2, compress256";
/// Textbook SHA-256, one compression per attempt.
pub(super) const PLAIN: &str = "plain";

/// All of them.
pub(super) const REFERENCES: [Reference; 3] = [
    Reference { name: "sha2, whole header", search: whole_header },
    Reference { name: COMPRESS, search: |header, limit, nonces| from_midstate(compress_block, header, limit, nonces) },
    Reference { name: PLAIN, search: |header, limit, nonces| from_midstate(compress_plainly, header, limit, nonces) },
];

/// SHA-256's initial state (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// Hashes all 88 bytes for each nonce.
fn whole_header(header: &Header, limit: u32, mut nonces: Range<u32>) -> Option<u32> {
    let mut bytes = header.to_bytes();
    nonces.find(|nonce| {
        bytes[84..].copy_from_slice(&nonce.to_be_bytes());
        let hash = Sha256::digest(bytes);
        u32::from_le_bytes([hash[28], hash[29], hash[30], hash[31]]) <= limit
    })
}

/// Compresses the last 24 bytes, padded, for each nonce.
#[inline(always)]
fn from_midstate(
    compress: impl Fn(&mut [u32; 8], &[u8; 64]),
    header: &Header,
    limit: u32,
    mut nonces: Range<u32>,
) -> Option<u32> {
    let bytes = header.to_bytes();
    let (mut midstate, mut block) = (INITIAL, [0; 64]);
    block.copy_from_slice(&bytes[..64]);
    compress(&mut midstate, &block);
    block.fill(0);
    block[..24].copy_from_slice(&bytes[64..]);
    block[24] = 0x80;
    block[56..].copy_from_slice(&(HEADER_BYTES as u64 * 8).to_be_bytes());
    nonces.find(|nonce| {
        block[20..24].copy_from_slice(&nonce.to_be_bytes());
        let mut state = midstate;
        compress(&mut state, &block);
        state[7].swap_bytes() <= limit
    })
}

fn compress_block(state: &mut [u32; 8], block: &[u8; 64]) {
    compress256(state, core::slice::from_ref(block));
}

/// FIPS 180-4, section 6.2.2. Computes the schedule along the way, and moves no words.
fn compress_plainly(state: &mut [u32; 8], block: &[u8; 64]) {
    let mut words = [0; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    let mut after = *state;
    for t in [0, 16, 32, 48] {
        round::<0>(&mut after, &mut words, t);
        round::<1>(&mut after, &mut words, t);
        round::<2>(&mut after, &mut words, t);
        round::<3>(&mut after, &mut words, t);
        round::<4>(&mut after, &mut words, t);
        round::<5>(&mut after, &mut words, t);
        round::<6>(&mut after, &mut words, t);
        round::<7>(&mut after, &mut words, t);
        round::<8>(&mut after, &mut words, t);
        round::<9>(&mut after, &mut words, t);
        round::<10>(&mut after, &mut words, t);
        round::<11>(&mut after, &mut words, t);
        round::<12>(&mut after, &mut words, t);
        round::<13>(&mut after, &mut words, t);
        round::<14>(&mut after, &mut words, t);
        round::<15>(&mut after, &mut words, t);
    }
    for (word, after) in state.iter_mut().zip(after) {
        *word = word.wrapping_add(after);
    }
}

/// Round `t` + `I`. `words` holds the last 16 words of the schedule; word `I` is replaced by the word 16 places later.
#[inline(always)]
fn round<const I: usize>(state: &mut [u32; 8], words: &mut [u32; 16], t: usize) {
    let [a, b, c, d, e, f, g, h] = core::array::from_fn(|place| (place + 16 - I) % 8);
    let sigma1 = state[e].rotate_right(6) ^ state[e].rotate_right(11) ^ state[e].rotate_right(25);
    let choice = (state[e] & state[f]) ^ (!state[e] & state[g]);
    let t1 =
        state[h].wrapping_add(sigma1).wrapping_add(choice).wrapping_add(ROUND_CONSTANTS[t + I]).wrapping_add(words[I]);
    let sigma0 = state[a].rotate_right(2) ^ state[a].rotate_right(13) ^ state[a].rotate_right(22);
    let majority = (state[a] & state[b]) ^ (state[a] & state[c]) ^ (state[b] & state[c]);
    state[d] = state[d].wrapping_add(t1);
    state[h] = t1.wrapping_add(sigma0).wrapping_add(majority);
    if t == 48 {
        return;
    }
    let (early, late) = (words[(I + 1) % 16], words[(I + 14) % 16]);
    let sigma0 = early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3);
    let sigma1 = late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10);
    words[I] = words[I].wrapping_add(sigma0).wrapping_add(words[(I + 9) % 16]).wrapping_add(sigma1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::miner::calibration::endless_header;
    use fedcoin_node::pow;
    use fedcoin_node::units::Target;

    #[test]
    fn all_references_find_the_same_nonce() {
        let (header, limit) = (endless_header(), 0x000f_ffff);
        let mut target = [0xff; 32];
        target[..4].copy_from_slice(&u32::to_be_bytes(limit));
        let found = pow::search(&header, Target::from_be_bytes(target), header.salt, 0..1 << 32);
        assert!(found.is_some());
        for reference in REFERENCES {
            assert_eq!((reference.search)(&header, limit, 0..u32::MAX), found, "{}", reference.name);
        }
    }
}
