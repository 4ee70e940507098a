use fedcoin_primitives::Header;

/// SHA-256's round constants (FIPS 180-4, section 4.2.2).
#[rustfmt::skip]
pub const K: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// Index of the nonce in the words of a header's second half.
pub(super) const NONCE_WORD: usize = 5;
/// The first round after the nonce's.
pub(super) const FIRST_ROUND: usize = NONCE_WORD + 1;

/// The last round that the deciding word depends on.
pub(super) const LAST_ROUND: usize = 60;

/// What each round adds for one nonce: the word of the message schedule (FIPS 180-4, section 6.2.2, step 1) plus the
/// round's constant. Correct from the nonce's round to the last that a search needs.
///
/// It does not depend on the salt, so it is computed for many salts at once and costs little.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Schedule(pub(super) [u32; 64]);

impl Schedule {
    /// A placeholder that belongs to no nonce.
    pub(super) const EMPTY: Self = Self([0; 64]);

    /// Computes the schedule from a nonce and the second half of a header ([`second_half`]).
    pub(super) fn of(second_half: &[u32; 16], nonce: u32) -> Self {
        let mut w = [0; 64];
        w[..16].copy_from_slice(second_half);
        w[NONCE_WORD] = nonce;
        for t in 16..=LAST_ROUND {
            let small0 = w[t - 15].rotate_right(7) ^ w[t - 15].rotate_right(18) ^ (w[t - 15] >> 3);
            let small1 = w[t - 2].rotate_right(17) ^ w[t - 2].rotate_right(19) ^ (w[t - 2] >> 10);
            w[t] = small1.wrapping_add(w[t - 7]).wrapping_add(small0).wrapping_add(w[t - 16]);
        }
        for (word, k) in w.iter_mut().zip(K) {
            *word = word.wrapping_add(k);
        }
        Self(w)
    }
}

/// The words of a header's last 24 bytes, padded to SHA-256's second block.
pub(super) fn second_half(header: &Header) -> [u32; 16] {
    let bytes = header.to_bytes();
    let mut words = [0; 16];
    for (word, bytes) in words.iter_mut().zip(bytes[64..].chunks_exact(4)) {
        *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    words[6] = 0x8000_0000;
    // The length in bits.
    words[15] = bytes.len() as u32 * 8;
    words
}
