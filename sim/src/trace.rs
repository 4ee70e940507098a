use crate::time::VirtualTime;
use fedcoin_node::primitives::sha256;

/// A hash over everything that happened, in order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trace([u8; 32]);

impl Trace {
    /// Adds that `host` at `at` got or did `what`.
    pub(crate) fn add(&mut self, at: VirtualTime, host: usize, what: &str, data: &[u8]) {
        let (at, host) = (at.0.to_be_bytes(), (host as u64).to_be_bytes());
        self.0 = sha256(&[&self.0, &at, &host, what.as_bytes(), data]);
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        self.0
    }
}
