use borsh::{BorshDeserialize, BorshSerialize};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A block's distance from genesis, whose height is 0.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Height(pub u32);

impl Height {
    /// The genesis block's height.
    pub const GENESIS: Self = Self(0);

    /// The height of a child block.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The height `n` blocks nearer to genesis, at least 0.
    #[must_use]
    pub const fn back(self, n: u32) -> Self {
        Self(self.0.saturating_sub(n))
    }

    /// Number of blocks from `lower` up to `self`, or 0 if `self` is not above it.
    #[must_use]
    pub const fn above(self, lower: Self) -> u32 {
        self.0.saturating_sub(lower.0)
    }

    /// The index into a list of blocks that begins at genesis.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
