use super::kernel::Kernel;
use super::search_result::Found;
use super::task::Task;
use fedcoin_primitives::units::{CompactTarget, Target, Timestamp};
use fedcoin_primitives::{BlockId, Commitment, Header};

/// Salts and nonces for which the header's hash begins with 32 zero bits.
const FOUND: [Found; 2] =
    [Found { salt: 0x2fed_c104, nonce: 0x8864_f9ae }, Found { salt: 0xa5a5_0063, nonce: 0x0150_2d02 }];

/// A header that has such salts and nonces.
fn header(found: Found) -> Header {
    Header {
        version: 0x0123_4567,
        salt: found.salt,
        previous: BlockId(core::array::from_fn(|i| (i as u8).wrapping_mul(37))),
        commitment: Commitment(core::array::from_fn(|i| (i as u8).wrapping_mul(73))),
        time: Timestamp(0x0001_89ab_cdef_0123),
        target: CompactTarget(0x1c3f_ffff),
        nonce: found.nonce,
    }
}

/// The target that all of them meet.
fn target() -> Target {
    let mut number = [0xff; 32];
    number[..4].fill(0);
    Target::from_be_bytes(number)
}

impl Kernel {
    /// Whether the kernel finds the known solutions, with each position of the salt, and nothing before them. A faulty
    /// kernel or processor must not make a miner miss blocks. Takes a few milliseconds.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        (0..Task::SALTS).all(|place| {
            let found = FOUND[place as usize % FOUND.len()];
            let task = Task::new(&header(found), target(), found.salt.wrapping_sub(place));
            let nonce = u64::from(found.nonce);
            self.search(&task, nonce - 1..nonce).found.is_none()
                && self.search(&task, nonce - 1..nonce + 2).found == Some(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SearchResult;
    use crate::kernels;
    use crate::schedule::Schedule;

    #[test]
    fn the_known_headers_meet_the_target() {
        for found in FOUND {
            assert!(target().is_met_by(&header(found).id().0));
        }
    }

    #[test]
    fn faulty_kernels_are_detected() {
        for kernel in kernels() {
            assert!(kernel.is_sound(), "{}", kernel.name());
        }
        let search_block = |_: &crate::block::Block<'_>| SearchResult { found: None, hashes: 0 };
        assert!(!Kernel { name: "blind", schedule: Schedule::of, search_block }.is_sound());
    }
}
