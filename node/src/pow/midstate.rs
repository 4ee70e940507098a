use crate::primitives::Header;
use sha2::block_api::compress256;

/// SHA-256's initial state (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The SHA-256 state after a header's first 64 bytes, and the rest padded to a second block.
#[derive(Clone, Copy)]
pub(super) struct Midstate {
    state: [u32; 8],
    block: [u8; 64],
}

impl Midstate {
    /// The midstate of a header; its nonce does not matter.
    pub(super) fn of(header: &Header) -> Self {
        let bytes = header.to_bytes();
        let mut first = [0; 64];
        first.copy_from_slice(&bytes[..64]);
        let mut state = INITIAL;
        compress256(&mut state, &[first]);
        let mut block = [0; 64];
        block[..24].copy_from_slice(&bytes[64..]);
        block[24] = 0x80;
        block[56..].copy_from_slice(&(88_u64 * 8).to_be_bytes());
        Self { state, block }
    }

    /// The header's hash with this nonce: one compression.
    pub(super) fn hash(&self, nonce: u32) -> [u8; 32] {
        let (mut state, mut block) = (self.state, self.block);
        block[20..24].copy_from_slice(&nonce.to_be_bytes());
        compress256(&mut state, &[block]);
        let mut hash = [0; 32];
        for (bytes, word) in hash.chunks_exact_mut(4).zip(state) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::ChainParams;

    #[test]
    fn agrees_with_hashing_the_whole_header() {
        let header = ChainParams::classroom().genesis_block().header;
        for nonce in [0, 1, 0x1234_5678, u32::MAX] {
            assert_eq!(Midstate::of(&header).hash(nonce), Header { nonce, ..header }.id().0);
        }
    }
}
