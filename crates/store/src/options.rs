/// What a store keeps, and limits on its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// Maximum size in bytes of cached file pages.
    pub cache_bytes: usize,
    /// Maximum number of change sets that wait in memory to be written.
    pub max_eventual_commits: u32,
    /// Approximate maximum size in bytes of these change sets.
    pub max_eventual_bytes: u64,
    /// Whether to keep an index of the primary chain's transactions, for [`crate::Store::transaction`] and
    /// [`crate::Store::history`].
    pub index: bool,
}

impl Default for StoreOptions {
    /// 16 MiB of cache, a write every 256 change sets or 8 MiB, and no index.
    fn default() -> Self {
        Self { cache_bytes: 16 << 20, max_eventual_commits: 256, max_eventual_bytes: 8 << 20, index: false }
    }
}

impl StoreOptions {
    /// The defaults with the index, for a node that answers queries about transactions.
    #[must_use]
    pub fn server() -> Self {
        Self { index: true, ..Self::default() }
    }
}
