//! The page's views and the navigation between them.

pub(crate) mod navigation;
pub(crate) mod stage;
