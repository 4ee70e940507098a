/// Bounds on what a store keeps in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// Most bytes of file pages kept for reading and writing.
    pub cache_bytes: usize,
    /// Most commits that may wait to be made durable. redb keeps their pages in memory and cannot
    /// reuse what they replace.
    pub max_eventual_commits: u32,
    /// Most bytes written by these commits.
    pub max_eventual_bytes: u64,
}

impl Default for StoreOptions {
    /// 16 MiB of cache; every 64th commit, or each 4 MiB, is made durable.
    fn default() -> Self {
        Self { cache_bytes: 16 << 20, max_eventual_commits: 64, max_eventual_bytes: 4 << 20 }
    }
}
