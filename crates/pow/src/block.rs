use super::schedule::Schedule;
use super::search_result::SearchResult;
use super::task::Task;

const SALTS: usize = Task::SALTS as usize;

/// Consecutive nonces, to be tried with all salts of a task.
pub(super) struct Block<'a> {
    pub(super) task: &'a Task,
    pub(super) first_nonce: u32,
    /// The schedule of each nonce.
    pub(super) schedules: &'a [Schedule],
}

/// Consecutive salts of a task, which are tried together.
///
/// Every method must be inlined, because an implementation may use instructions that only the surrounding kernel may
/// use.
pub(super) trait Batch {
    /// Number of salts; a divisor of [`Task::SALTS`].
    const SALTS: usize;
    /// Loads the task's salts from this position on.
    fn load(task: &Task, place: usize) -> Self;
    /// Whether the hash's last word, for one of the salts, begins with as many zeros as the target.
    fn is_promising(&self, nonce: u32, schedule: &Schedule) -> bool;
}

impl Block<'_> {
    /// Maximum number of nonces: few enough that their schedules stay in a core's nearest cache.
    pub(super) const NONCES: usize = 32;

    /// Tries batch after batch. Returns the first find in order of nonce, then salt.
    #[inline(always)]
    pub(super) fn search<B: Batch>(&self) -> SearchResult {
        const { assert!(SALTS.is_multiple_of(B::SALTS)) };
        let mut result = SearchResult { found: None, hashes: 0 };
        // After a find, only earlier nonces matter.
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
