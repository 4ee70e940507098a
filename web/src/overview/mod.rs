//! The overview: block tree, coming blocks, charts.

pub(crate) mod block_tree;
pub(crate) mod chart;
pub(crate) mod charts;
pub(crate) mod coming_blocks;
pub(crate) mod next_block;
pub(crate) mod tree_block;
pub(crate) mod tree_layout;
