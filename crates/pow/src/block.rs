use super::kernel::SearchResult;
use super::schedule::Schedule;
use super::task::Task;

const SALTS: usize = Task::SALTS as usize;

/// Some consecutive nonces, to be tried with all salts of a task.
pub(super) struct Block<'a> {
    pub(super) task: &'a Task,
    pub(super) first_nonce: u32,
    /// One for each nonce.
    pub(super) schedules: &'a [Schedule],
}

/// Some consecutive salts of a task, which are tried together.
///
/// Every method must be inlined: an implementation may use instructions that only the kernel around
/// it was allowed to use.
pub(super) trait Batch {
    /// How many salts; a divisor of [`Task::SALTS`].
    const SALTS: usize;
    /// The task's salts from this place on.
    fn load(task: &Task, place: usize) -> Self;
    /// Whether the hash's last word begins with zeros as the target does, for one of the salts.
    fn is_promising(&self, nonce: u32, schedule: &Schedule) -> bool;
}

impl Block<'_> {
    /// How many nonces at most: few enough for their schedules to stay in a core's nearest cache.
    pub(super) const NONCES: usize = 32;

    /// Tries batch after batch. The first found in order of nonce, then salt.
    #[inline(always)]
    pub(super) fn search<B: Batch>(&self) -> SearchResult {
        const { assert!(SALTS.is_multiple_of(B::SALTS)) };
        let mut result = SearchResult { found: None, hashes: 0 };
        // After a find only earlier nonces count.
        let mut nonces = self.schedules.len();
        for place in (0..SALTS).step_by(B::SALTS) {
            let batch = B::load(self.task, place);
            for (i, schedule) in self.schedules[..nonces].iter().enumerate() {
                let nonce = self.first_nonce.wrapping_add(i as u32);
                result.hashes += B::SALTS as u64;
                if batch.is_promising(nonce, schedule)
                    && let Some(found) = self.task.confirm(nonce, place..place + B::SALTS)
                {
                    result.found = Some(found);
                    nonces = i;
                    break;
                }
            }
        }
        result
    }
}
