use fedcoin_node::primitives::sha256;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Frames seen on the bus lately, by hash: what came from there is not told there again, and what
/// comes twice is looked at once. The hash is of the whole frame, so that nobody can keep a frame
/// out by sending another one of the same id before it.
///
/// Bound: 2 x [`Recent::MAX`] hashes.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashSet<[u8; 32]>,
    old: HashSet<[u8; 32]>,
}

impl Recent {
    const MAX: usize = 20_000;

    /// Notes a frame; whether it is new.
    pub(super) fn is_new(&self, frame: &[u8]) -> bool {
        let hash = sha256(&[frame]);
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.old.contains(&hash) || !seen.young.insert(hash) {
            return false;
        }
        if seen.young.len() >= Self::MAX {
            seen.old = std::mem::take(&mut seen.young);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_new_once_and_the_oldest_are_forgotten() {
        let recent = Recent::default();
        let new = |n: usize| recent.is_new(&n.to_be_bytes());
        assert!(new(0) && !new(0));
        assert!((1..Recent::MAX).all(new));
        assert!(!new(0) && !new(Recent::MAX - 1));
        assert!((0..Recent::MAX).all(|n| new(n + Recent::MAX)));
        assert!(new(0) && !new(2 * Recent::MAX - 1));
        let seen = recent.0.lock().unwrap();
        assert!(seen.young.len() + seen.old.len() <= 2 * Recent::MAX);
    }
}
