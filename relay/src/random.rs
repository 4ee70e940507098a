//! Randomness: secret, and repeatable.

use crate::failure::Failure;

/// Fills a buffer from the system's source of secret randomness.
///
/// # Errors
/// [`Failure::System`] where there is none.
pub fn secret(buffer: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(buffer).map_err(|e| Failure::system("the system gives no random numbers", &e))
}

/// A secret number.
///
/// # Errors
/// [`Failure::System`] where there is no randomness.
pub fn secret_number() -> Result<u64, Failure> {
    let mut bytes = [0; 8];
    secret(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// A small repeatable generator (SplitMix64) for choices that need no secrecy.
#[derive(Clone, Debug)]
pub struct Choices(u64);

impl Choices {
    /// The sequence that belongs to `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number of the sequence.
    pub fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below `n`; 0 when `n` is 0. The bias is below `n` / 2^64.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.next_number() % n }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_its_sequence_within_bounds() {
        let draw = |seed| {
            let mut choices = Choices::new(seed);
            (0..100).map(|_| choices.below(6)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert!((0..6).all(|face| draw(1).contains(&face)));
        assert_eq!(Choices::new(1).below(0), 0);
    }
}
