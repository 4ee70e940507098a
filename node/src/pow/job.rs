use crate::primitives::Header;
use serde::{Deserialize, Serialize};

/// A header to find a nonce for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Grows with each job; results of older ones do not count.
    pub generation: u64,
    /// The header; workers choose salt and nonce.
    pub header: Header,
}
