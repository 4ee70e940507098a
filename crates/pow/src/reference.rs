use super::schedule::second_half;
use super::task::midstate;
use core::ops::Range;
use fedcoin_primitives::Header;
use fedcoin_primitives::units::Target;
use sha2::block_api::compress256;

/// The first nonce of `range` (at most 2^32 of them) for which the header with this `salt` meets the target.
///
/// This plain search is the reference for every kernel: one compression by `sha2` per nonce.
#[must_use]
pub fn search(header: &Header, target: Target, salt: u32, range: Range<u64>) -> Option<u32> {
    let header = Header { salt, ..*header };
    let start = midstate(&header);
    let mut block = [0; 64];
    for (bytes, word) in block.chunks_exact_mut(4).zip(second_half(&header)) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    // The line below keeps every nonce in range.
    (range.start..range.end.min(1 << 32)).map(|nonce| nonce as u32).find(|nonce| {
        block[20..24].copy_from_slice(&nonce.to_be_bytes());
        let mut state = start;
        compress256(&mut state, &[block]);
        target.is_met_by(&hash_of(state))
    })
}

/// The hash of a final state.
fn hash_of(state: [u32; 8]) -> [u8; 32] {
    let mut hash = [0; 32];
    for (bytes, word) in hash.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_consensus::ChainParams;
    use fedcoin_primitives::units::CompactTarget;

    #[test]
    fn found_nonces_are_confirmed_by_the_header_id() {
        let header = ChainParams::classroom().genesis_block().header;
        let target = CompactTarget(0x1fff_ffff).expand().unwrap();
        for salt in 0..20 {
            let met = |nonce: u32| target.is_met_by(&Header { salt, nonce, ..header }.id().0);
            let nonce = search(&header, target, salt, 0..1 << 32).unwrap();
            assert!(met(nonce));
            assert!(!(0..nonce).any(met), "an earlier nonce was missed");
        }
    }

    #[test]
    fn a_search_ends_with_its_range_and_with_the_nonces() {
        let header = ChainParams::classroom().genesis_block().header;
        let last = Header { nonce: u32::MAX, ..header };
        let mut number = last.id().0;
        number.reverse();
        let target = Target::from_be_bytes(number);
        let end = 1 << 32;
        assert_eq!(search(&header, target, 0, end - 1..end + 100), Some(u32::MAX));
        assert_eq!(search(&header, Target::MAX, 0, end..end + 100), None);
    }
}
