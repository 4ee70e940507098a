/// Salt and nonce of a header that meets its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The salt.
    pub salt: u32,
    /// The nonce.
    pub nonce: u32,
}

/// The result of a search over a range of nonces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchResult {
    /// The first find in order of nonce, then in order of the task's salts.
    pub found: Option<Found>,
    /// Number of hashes computed.
    pub hashes: u64,
}
