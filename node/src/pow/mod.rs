//! The search for a nonce: knows only a header and a target.

mod job;
mod midstate;

pub use job::{Job, SearchResult, search};
