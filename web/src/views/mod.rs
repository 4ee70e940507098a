//! The page's views and the way between them.

pub(crate) mod navigation;
pub(crate) mod stage;
