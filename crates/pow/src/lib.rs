//! The search for a nonce. It knows only a header and a target.
//!
//! A [`Kernel`] is one way to compute the hashes; [`kernels`] lists those that run here. All give the same answers as
//! [`search`], the plainest one, only faster. How they save time:
//!
//! - The salt is in a header's first 64 bytes, the nonce in the rest. SHA-256 processes 64 bytes at a time. So each
//!   salt's first half is computed once (`task.rs`), and each nonce's second half is expanded once for [`Task::SALTS`]
//!   salts (`schedule.rs`). The rounds remain for each attempt (`rounds.rs`).
//! - A vector instruction computes a round for several salts at once (`lanes.rs`).
//! - The first rounds do not depend on the nonce and are computed once per salt. The last rounds come after the
//!   deciding word and are skipped. A hash that passes by this word is computed again by `sha2`.

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
mod registry;
mod rounds;
mod scalar;
mod schedule;
mod search_result;
mod self_test;
#[cfg(target_arch = "x86_64")]
mod sha_ni;
mod slice_size;
mod task;

pub use four_salts::{FourSalts, Rounds};
pub use job::Job;
pub use kernel::Kernel;
pub use quota::Quota;
pub use reference::search;
pub use registry::kernels;
pub use schedule::{K as ROUND_CONSTANTS, Schedule};
pub use search_result::{Found, SearchResult};
pub use slice_size::SliceSize;
pub use task::Task;
