use super::block::Block;
use super::schedule::Schedule;
use super::search_result::SearchResult;
use super::task::Task;
use core::ops::Range;

/// One way to compute the hashes.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    pub(super) name: &'static str,
    /// Computes [`Schedule::of`].
    pub(super) schedule: fn(&[u32; 16], nonce: u32) -> Schedule,
    pub(super) search_block: fn(&Block<'_>) -> SearchResult,
}

impl Kernel {
    /// The kernel's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Tries the nonces of `range` (those below 2^32) with each salt of the task. Without a find, this costs
    /// [`Task::SALTS`] hashes per nonce. With a find, it costs a few thousand more than needed.
    #[must_use]
    pub fn search(&self, task: &Task, range: Range<u64>) -> SearchResult {
        let mut schedules = [Schedule::EMPTY; Block::NONCES];
        let mut result = SearchResult { found: None, hashes: 0 };
        let end = range.end.min(1 << 32);
        let mut next = range.start;
        while next < end && result.found.is_none() {
            let count = (end - next).min(Block::NONCES as u64) as usize;
            // Below 2^32, like `end`.
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
