//! Ways of searching that are no kernels, for comparison.

use core::ops::Range;
use fedcoin_node::primitives::{HEADER_BYTES, Header};
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

/// A way of searching: the first nonce of the range with which the first 32 bits of the header's hash,
/// read as the number that it is, are not above the limit.
#[derive(Clone, Copy)]
pub(super) struct Reference {
    pub(super) name: &'static str,
    pub(super) search: fn(&Header, limit: u32, Range<u32>) -> Option<u32>,
}

/// `sha2`, one compression an attempt.
pub(super) const COMPRESS: &str = "sha2, compress256";
/// The textbook's SHA-256, one compression an attempt.
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

/// SHA-256's round constants (FIPS 180-4, section 4.2.2).
#[rustfmt::skip]
const K: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

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

/// FIPS 180-4, section 6.2.2, with the schedule computed on the way and nothing moved from word to word.
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

/// Round `t` + `I`. `words` are the schedule's last 16; word `I` gives its place to the one 16 later.
#[inline(always)]
fn round<const I: usize>(state: &mut [u32; 8], words: &mut [u32; 16], t: usize) {
    let [a, b, c, d, e, f, g, h] = core::array::from_fn(|place| (place + 16 - I) % 8);
    let sigma1 = state[e].rotate_right(6) ^ state[e].rotate_right(11) ^ state[e].rotate_right(25);
    let choice = (state[e] & state[f]) ^ (!state[e] & state[g]);
    let t1 = state[h].wrapping_add(sigma1).wrapping_add(choice).wrapping_add(K[t + I]).wrapping_add(words[I]);
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
    fn all_find_what_a_miner_finds() {
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
