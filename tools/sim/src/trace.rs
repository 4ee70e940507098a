use crate::time::VirtualTime;
use sha2::{Digest, Sha256};

/// A hash over everything that happened, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace(Sha256);

impl Trace {
    /// Adds that `host` at `at` got or did `what`.
    pub(crate) fn add(&mut self, at: VirtualTime, host: usize, what: &str, data: &[u8]) {
        self.0.update(at.0.to_be_bytes());
        self.0.update((host as u64).to_be_bytes());
        self.0.update([what.len() as u8]);
        self.0.update(what);
        self.0.update((data.len() as u64).to_be_bytes());
        self.0.update(data);
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        self.0.clone().finalize().into()
    }
}
