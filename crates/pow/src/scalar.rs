use super::block::Block;
use super::kernel::Kernel;
use super::lanes::Lanes;
use super::rounds::Parallel;
use super::schedule::Schedule;
use super::search_result::SearchResult;

/// One salt at a time, with instructions that every processor has.
pub(super) const KERNEL: Kernel = Kernel { name: "scalar", schedule: Schedule::of, search_block };

fn search_block(block: &Block<'_>) -> SearchResult {
    block.search::<Parallel<u32>>()
}

impl Lanes for u32 {
    const COUNT: usize = 1;

    #[inline(always)]
    fn splat(word: u32) -> Self {
        word
    }

    #[inline(always)]
    fn load(words: &[u32]) -> Self {
        words[0]
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self ^ other
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn rotate_right(self, bits: u32) -> Self {
        Self::rotate_right(self, bits)
    }

    #[inline(always)]
    fn any_zero(self) -> bool {
        self == 0
    }
}
