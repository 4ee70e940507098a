use super::block::Block;
use super::scalar;
use super::schedule::Schedule;
use super::task::Task;
use core::ops::Range;

/// Salt and nonce of a header that meets its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The salt.
    pub salt: u32,
    /// The nonce.
    pub nonce: u32,
}

/// What a search over a range of nonces came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchResult {
    /// The first found in order of nonce, then in order of the task's salts.
    pub found: Option<Found>,
    /// Hashes computed.
    pub hashes: u64,
}

/// One way of computing the hashes.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    pub(super) name: &'static str,
    /// Computes [`Schedule::of`].
    pub(super) schedule: fn(&[u32; 16], nonce: u32) -> Schedule,
    pub(super) search_block: fn(&Block<'_>) -> SearchResult,
}

/// The kernels that run on this processor, the portable one first.
#[must_use]
pub fn kernels() -> Vec<Kernel> {
    #[cfg(target_arch = "x86_64")]
    let vectors = [super::sha_ni::kernel(), super::avx2::kernel(), super::avx512::kernel()];
    #[cfg(not(target_arch = "x86_64"))]
    let vectors: [Option<Kernel>; 0] = [];
    core::iter::once(Kernel::SCALAR).chain(vectors.into_iter().flatten()).collect()
}

impl Kernel {
    /// The portable one.
    pub const SCALAR: Self = scalar::KERNEL;

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Tries the nonces of `range` (those below 2^32) with each salt of the task. Without a find it
    /// costs [`Task::SALTS`] hashes for each nonce; with one, a few thousand more than were needed.
    #[must_use]
    pub fn search(&self, task: &Task, range: Range<u64>) -> SearchResult {
        let mut schedules = [Schedule::EMPTY; Block::NONCES];
        let mut result = SearchResult { found: None, hashes: 0 };
        let end = range.end.min(1 << 32);
        let mut next = range.start;
        while next < end && result.found.is_none() {
            let count = (end - next).min(Block::NONCES as u64) as usize;
            // Below 2^32, as `end` is.
            let first_nonce = next as u32;
            for (nonce, schedule) in (first_nonce..=u32::MAX).zip(&mut schedules[..count]) {
                *schedule = (self.schedule)(&task.second_half, nonce);
            }
            let block = (self.search_block)(&Block { task, first_nonce, schedules: &schedules[..count] });
            result.found = block.found;
            result.hashes += block.hashes;
            next += count as u64;
        }
        result
    }
}
