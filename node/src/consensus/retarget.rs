use super::ChainParams;
use crate::primitives::Header;
use crate::units::{CompactTarget, Target};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// How a block's target follows from the headers before it (rule H4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retarget {
    /// Every block has the network's target.
    Fixed,
    /// Each block's target follows how long the block before took; the network's target is the
    /// easiest, and that of the first blocks.
    EachBlock,
}

/// A block that took so much longer or shorter than meant doubles or halves the target, in spacings.
const HALF_LIFE: i128 = 5;
/// A block counts as having taken at most so many spacings, and as little as minus as many.
const MAX_SOLVE_TIME: i128 = 6;

impl Retarget {
    /// The target of a block whose ancestors are `before`, the nearest first, down to genesis.
    pub(crate) fn next_target<'a>(
        self,
        params: &ChainParams,
        mut before: impl Iterator<Item = &'a Header>,
    ) -> CompactTarget {
        match (self, before.next(), before.next()) {
            (Self::EachBlock, Some(parent), Some(grandparent)) => follow(params, parent, grandparent),
            _ => params.target,
        }
    }
}

/// The parent's target, times 2 to the power of how much too long it took, in half-lives.
fn follow(params: &ChainParams, parent: &Header, grandparent: &Header) -> CompactTarget {
    let spacing = i128::from(params.spacing_ms);
    let took = i128::from(parent.time.0) - i128::from(grandparent.time.0);
    let error = took.clamp(-MAX_SOLVE_TIME * spacing, MAX_SOLVE_TIME * spacing) - spacing;
    let exponent = (error * 65_536).div_euclid(spacing * HALF_LIFE);
    let (Ok(old), Ok(easiest), Ok(exponent)) =
        (parent.target.expand(), params.target.expand(), i32::try_from(exponent))
    else {
        return params.target; // Never: both were checked, and the clamp bounds the exponent.
    };
    old.times_power_of_two(exponent).min(easiest).max(Target::HARDEST).to_compact()
}
