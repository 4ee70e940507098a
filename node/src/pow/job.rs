use super::midstate::Midstate;
use crate::primitives::Header;
use crate::units::Target;
use core::ops::Range;
use serde::{Deserialize, Serialize};

/// A header to find a nonce for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Grows with each job; results of older ones do not count.
    pub generation: u64,
    /// The header; workers choose salt and nonce.
    pub header: Header,
}

/// What a search over a range of nonces came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchResult {
    /// The first nonce whose header hash meets the target.
    pub found: Option<u32>,
    /// Hashes computed.
    pub hashes: u64,
}

/// Tries the nonces of `range` (at most 2^32 of them) on the header with this salt, in order,
/// until one meets the target. Each attempt costs one SHA-256 compression.
#[must_use]
pub fn search(header: &Header, target: Target, salt: u32, range: Range<u64>) -> SearchResult {
    let midstate = Midstate::of(&Header { salt, ..*header });
    let mut hashes = 0;
    for nonce in range.start..range.end.min(1 << 32) {
        // In range by the line above.
        let nonce = nonce as u32;
        hashes += 1;
        if target.is_met_by(&midstate.hash(nonce)) {
            return SearchResult { found: Some(nonce), hashes };
        }
    }
    SearchResult { found: None, hashes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::ChainParams;
    use crate::units::CompactTarget;

    #[test]
    fn finds_what_the_header_id_confirms() {
        let header = ChainParams::classroom().genesis_block().header;
        let target = CompactTarget(0x1fff_ffff).expand().unwrap();
        for salt in 0..20 {
            let result = search(&header, target, salt, 0..1 << 32);
            let nonce = result.found.unwrap();
            assert_eq!(result.hashes, u64::from(nonce) + 1);
            let found = Header { salt, nonce, ..header };
            assert!(target.is_met_by(&found.id().0));
            let before = (0..nonce).any(|nonce| target.is_met_by(&Header { salt, nonce, ..header }.id().0));
            assert!(!before, "an earlier nonce was missed");
        }
    }

    #[test]
    fn stops_at_the_end_of_the_range_and_of_the_nonces() {
        let header = ChainParams::classroom().genesis_block().header;
        let hard = Target::from_be_bytes([0; 32]);
        assert_eq!(search(&header, hard, 0, 5..15), SearchResult { found: None, hashes: 10 });
        let last = (1 << 32) - 3;
        assert_eq!(search(&header, hard, 0, last..last + 100), SearchResult { found: None, hashes: 3 });
    }
}
