//! The search for a nonce: knows only a header and a target.
//!
//! A [`Kernel`] is one way of computing the hashes; [`kernels`] lists those that run here. All give
//! the same answers as [`search`], which is as plain as can be, only sooner. Where the time goes,
//! and how it is saved:
//!
//! - The salt is in a header's first 64 bytes, the nonce in the rest. SHA-256 takes 64 bytes at a
//!   time, so each salt's first half is computed once (`task.rs`), and each nonce's second half is
//!   expanded once for [`Task::SALTS`] salts (`schedule.rs`). What remains of an attempt are the
//!   rounds (`rounds.rs`).
//! - A vector instruction does a round of several salts at once (`lanes.rs`).
//! - The first rounds know no nonce yet and are done once for a salt; the last ones come after the
//!   word that decides. Whoever passes by that word is hashed again by `sha2`.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod block;
mod four_salts;
mod job;
mod kernel;
mod lanes;
mod quota;
mod reference;
mod rounds;
mod scalar;
mod schedule;
mod self_test;
#[cfg(target_arch = "x86_64")]
mod sha_ni;
mod slice_size;
mod task;

pub use four_salts::{FourSalts, Rounds};
pub use job::Job;
pub use kernel::{Found, Kernel, SearchResult, kernels};
pub use quota::Quota;
pub use reference::search;
pub use schedule::{K as ROUND_CONSTANTS, Schedule};
pub use slice_size::SliceSize;
pub use task::Task;
