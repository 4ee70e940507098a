use super::BlockError;
use super::history::{History, HistoryNode};
use borsh::{BorshDeserialize, BorshSerialize};
use fedcoin_primitives::units::{Height, Work};
use fedcoin_primitives::{Block, Identified, LedgerRoot, StateRoots};
use serde::{Deserialize, Serialize};

/// Number of blocks from one checkpoint of the ledger to the next (rule B9).
pub const CHECKPOINT_INTERVAL: u32 = 1_024;
/// Number of blocks after a checkpoint until blocks commit to it (rule B9). Nodes have this long to compute its root,
/// and few reorganisations reach below it.
pub const CHECKPOINT_AGE: u32 = 64;

/// What the next block of a chain must commit to (rules B8 and B9), and what is needed to go on from there.
///
/// Bound: 32 peaks.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Commitments {
    history: History,
    /// The root of the checkpoint that the next block commits to.
    ledger: LedgerRoot,
    /// The root of the last checkpoint, while no block commits to it yet.
    coming: Option<LedgerRoot>,
}

/// The checkpoint whose ledger a block commits to (rule B9).
#[must_use]
pub const fn checkpoint_of(height: Height) -> Height {
    let old_enough = height.back(CHECKPOINT_AGE).0;
    Height(old_enough - old_enough % CHECKPOINT_INTERVAL)
}

fn is_checkpoint(height: Height) -> bool {
    height.0 > 0 && height.0.is_multiple_of(CHECKPOINT_INTERVAL)
}

/// Whether the block after this height is the first that commits to another checkpoint.
fn is_last_of_checkpoint(height: Height) -> bool {
    checkpoint_of(height) != checkpoint_of(height.next())
}

impl Commitments {
    /// Before any block. The genesis block commits to the ledger that it makes itself.
    #[must_use]
    pub fn before(genesis: &Block) -> Self {
        Self { history: History::default(), ledger: genesis.roots.ledger, coming: None }
    }

    /// After the genesis block.
    #[must_use]
    pub fn after(genesis: &Identified<Block>) -> Self {
        let mut state = Self::before(genesis);
        state.connect(genesis, |_| genesis.roots.ledger);
        state
    }

    /// The next block's height.
    #[must_use]
    pub const fn next_height(&self) -> Height {
        Height(self.history.count())
    }

    /// What the next block must commit to.
    #[must_use]
    pub fn roots(&self) -> StateRoots {
        StateRoots { history: self.history.root(), ledger: self.ledger }
    }

    /// Checks the next block by rules B8 and B9.
    ///
    /// # Errors
    /// [`BlockError::HistoryRoot`] or [`BlockError::LedgerRoot`].
    pub fn check(&self, block: &Block) -> Result<(), BlockError> {
        let (got, expected) = (block.roots, self.roots());
        if got.history != expected.history {
            return Err(BlockError::HistoryRoot { got: got.history, expected: expected.history });
        }
        if got.ledger != expected.ledger {
            return Err(BlockError::LedgerRoot { got: got.ledger, expected: expected.ledger });
        }
        Ok(())
    }

    /// Moves past the next block, which was checked. `ledger_root` computes the root of the ledger after the block, and
    /// is called at a checkpoint only. Returns the peaks for [`Commitments::disconnect`].
    pub fn connect(
        &mut self,
        block: &Identified<Block>,
        ledger_root: impl FnOnce(Height) -> LedgerRoot,
    ) -> Vec<HistoryNode> {
        let height = self.next_height();
        let replaced = self.history.push(block.id(), own_work(block, height));
        if is_checkpoint(height) {
            self.coming = Some(ledger_root(height));
        }
        if is_last_of_checkpoint(height) {
            self.ledger = self.coming.take().expect("the checkpoint has set it, 63 blocks before");
        }
        replaced
    }

    /// The reverse of [`Commitments::connect`], which returned `replaced`: moves back before the last block.
    pub fn disconnect(&mut self, block: &Block, replaced: &[HistoryNode]) {
        self.history.pop(replaced);
        let height = self.next_height();
        if is_last_of_checkpoint(height) {
            self.coming = Some(self.ledger);
        }
        if is_checkpoint(height) {
            self.coming = None;
        }
        self.ledger = block.roots.ledger;
    }

    /// Whether this state may be the one after a block at this height, whose chain has this work.
    #[must_use]
    pub fn fit(&self, height: Height, work: Work) -> bool {
        let latest = Height(height.0 - height.0 % CHECKPOINT_INTERVAL);
        self.next_height() == height.next()
            && self.history.work() == work
            && self.coming.is_some() == (latest > checkpoint_of(height.next()))
    }
}

/// A block's work in the history. Genesis needs none (rule N1).
fn own_work(block: &Block, height: Height) -> Work {
    match block.header.target.expand() {
        Ok(target) if height > Height::GENESIS => target.work(),
        _ => Work::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChainParams;

    /// A root that tells at which height it was computed.
    fn root_of(height: Height) -> LedgerRoot {
        let mut bytes = [9; 32];
        bytes[..4].copy_from_slice(&height.0.to_be_bytes());
        LedgerRoot(bytes)
    }

    #[test]
    fn a_checkpoint_counts_from_the_64th_block_after_it() {
        let of = |height| checkpoint_of(Height(height)).0;
        assert_eq!([0, 63, 64, 1_024, 1_087, 1_088, 2_111, 2_112].map(of), [0, 0, 0, 0, 0, 1_024, 1_024, 2_048]);
    }

    #[test]
    fn blocks_commit_to_their_checkpoint_and_going_back_restores_each_state() {
        let genesis = ChainParams::regtest().genesis_block();
        let mut state = Commitments::before(&genesis);
        let mut work = Work::ZERO;
        let mut done = Vec::new();
        for height in 0..2_200 {
            let height = Height(height);
            let mut block = genesis.clone();
            if height > Height::GENESIS {
                block.roots = state.roots();
                work = work + block.header.target.expand().unwrap().work();
            }
            assert_eq!(state.check(&block), Ok(()));
            let checkpoint = checkpoint_of(height);
            let expected = if checkpoint.0 == 0 { genesis.roots.ledger } else { root_of(checkpoint) };
            assert_eq!(state.roots().ledger, expected, "block {height}");
            let before = state.clone();
            let block = Identified::from(block);
            let replaced = state.connect(&block, root_of);
            assert!(state.fit(height, work) && !state.fit(height.next(), work) && !before.fit(height, work));
            done.push((before, block, replaced));
        }
        while let Some((before, block, replaced)) = done.pop() {
            state.disconnect(&block, &replaced);
            assert_eq!(state, before);
        }
    }

    #[test]
    fn other_roots_break_their_rules() {
        let genesis = ChainParams::regtest().genesis_block();
        let mut state = Commitments::before(&genesis);
        let rule = |state: &Commitments, block: &Block| state.check(block).map_err(|error| error.rule());
        state.connect(&genesis.clone().into(), root_of);
        assert_eq!(rule(&state, &genesis), Err("B8"), "a history without genesis");
        let mut block = Block { roots: state.roots(), ..genesis };
        block.roots.ledger.0[31] ^= 1;
        assert_eq!(rule(&state, &block), Err("B9"));
    }
}
