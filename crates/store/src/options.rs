/// What a store keeps, and bounds on what of it in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// Most bytes of file pages kept for reading and writing.
    pub cache_bytes: usize,
    /// Most change sets that may wait in memory to be written.
    pub max_eventual_commits: u32,
    /// Most bytes of these change sets, about.
    pub max_eventual_bytes: u64,
    /// Whether to keep an index of the primary chain's transactions, for [`crate::Store::transaction`] and
    /// [`crate::Store::history`].
    pub index: bool,
}

impl Default for StoreOptions {
    /// 16 MiB of cache; every 256th change set, or each 8 MiB, is written; no index.
    fn default() -> Self {
        Self { cache_bytes: 16 << 20, max_eventual_commits: 256, max_eventual_bytes: 8 << 20, index: false }
    }
}

impl StoreOptions {
    /// Those of a node that others ask about transactions: the same, with the index.
    #[must_use]
    pub fn server() -> Self {
        Self { index: true, ..Self::default() }
    }
}
