//! The geometry of pictures and the reading of searches: plain functions, compiled and tested without a browser.

/// Round values for axes.
pub mod axis;
/// Levels of fees.
pub mod fee_level;
/// Arrows from coins to outputs.
pub mod flow;
/// Searches as people type them.
pub mod search_text;
/// Squarified treemaps.
pub mod treemap;
