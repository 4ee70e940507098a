use super::kernel::SearchResult;
use super::lanes::Lanes;
use super::rounds::deciding_word;
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

impl Block<'_> {
    /// How many nonces at most: few enough for their schedules to stay in a core's nearest cache.
    pub(super) const NONCES: usize = 32;

    /// Tries salt after salt, as many at once as there are lanes. The first found in order of nonce,
    /// then salt.
    #[inline(always)]
    pub(super) fn search<V: Lanes>(&self) -> SearchResult {
        const { assert!(SALTS.is_multiple_of(V::COUNT)) };
        let mut result = SearchResult { found: None, hashes: 0 };
        // After a find only earlier nonces count.
        let mut nonces = self.schedules.len();
        for place in (0..SALTS).step_by(V::COUNT) {
            let start: [V; 8] = core::array::from_fn(|word| V::load(&self.task.starts[word][place..]));
            let last = V::load(&self.task.last[place..]);
            let zeros = V::splat(self.task.zeros);
            for (i, schedule) in self.schedules[..nonces].iter().enumerate() {
                let nonce = self.first_nonce.wrapping_add(i as u32);
                result.hashes += V::COUNT as u64;
                let word = deciding_word(&start, nonce, schedule).add(last);
                if word.and(zeros).any_zero()
                    && let Some(found) = self.task.confirm(nonce, place..place + V::COUNT)
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
