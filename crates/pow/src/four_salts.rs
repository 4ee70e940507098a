use super::block::Block;
use super::kernel::Kernel;
use super::schedule::Schedule;
use super::search_result::SearchResult;
use super::task::Task;

const SALTS: usize = 4;

/// Four consecutive salts of a task in the layout that a kernel outside this crate reads: nine times four words.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug)]
pub struct FourSalts {
    /// The state's words a to h after the nonce's round, if the nonce were 0.
    pub starts: [[u32; SALTS]; 8],
    /// The midstate's last word. Added to the state's last word, it gives the hash's last word.
    pub last: [u32; SALTS],
}

/// The rounds of a kernel outside this crate.
pub trait Rounds {
    /// Returns the number of nonces before the first for which, with one of the salts, the hash's last word has no bit
    /// of `zeros`. Returns the number of schedules if there is none. `schedules` contains what each round adds, for
    /// each nonce from `nonce` on. It is not empty.
    fn first_promising(salts: &FourSalts, schedules: &[Schedule], nonce: u32, zeros: u32) -> usize;
}

impl Kernel {
    /// A kernel whose rounds are computed elsewhere.
    #[must_use]
    pub const fn with_rounds<R: Rounds>(name: &'static str) -> Self {
        Self { name, schedule: Schedule::of, search_block: search_block::<R> }
    }
}

impl FourSalts {
    fn load(task: &Task, place: usize) -> Self {
        let four = |words: &[u32]| core::array::from_fn(|salt| words[place + salt]);
        Self { starts: core::array::from_fn(|word| four(&task.starts[word])), last: four(&task.last) }
    }
}

/// Like [`Block::search`], but with one call for all nonces up to a promising one.
fn search_block<R: Rounds>(block: &Block<'_>) -> SearchResult {
    let mut result = SearchResult { found: None, hashes: 0 };
    // After a find, only earlier nonces matter.
    let mut nonces = block.schedules.len();
    for place in (0..Task::SALTS as usize).step_by(SALTS) {
        let salts = FourSalts::load(block.task, place);
        let mut next = 0;
        while next < nonces {
            let nonce = block.first_nonce.wrapping_add(next as u32);
            let promising = next + R::first_promising(&salts, &block.schedules[next..nonces], nonce, block.task.zeros);
            result.hashes += ((promising + 1).min(nonces) - next) as u64 * SALTS as u64;
            let nonce = block.first_nonce.wrapping_add(promising as u32);
            if promising < nonces
                && let Some(found) = block.task.confirm(nonce, place..place + SALTS)
            {
                result.found = Some(found);
                nonces = promising;
            }
            next = promising + 1;
        }
    }
    result
}
