use crate::time::VirtualTime;
use core::fmt::{self, Write};
use fedcoin_node::Effect;
use sha2::{Digest, Sha256};

/// A hash over all events, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace(Sha256);

impl Trace {
    /// Adds an event `what` of `host` at `at`.
    pub(crate) fn add(&mut self, at: VirtualTime, host: usize, what: &str, data: &[u8]) {
        self.0.update(at.0.to_be_bytes());
        self.0.update((host as u64).to_be_bytes());
        self.0.update([what.len() as u8]);
        self.0.update(what);
        self.0.update((data.len() as u64).to_be_bytes());
        self.0.update(data);
    }

    /// Adds an effect that `host` must carry out at `at`.
    pub(crate) fn add_effect(&mut self, at: VirtualTime, host: usize, effect: &Effect) {
        if let Effect::Send { peer, bytes } = effect {
            self.add(at, host, "send to", &peer.0.to_be_bytes());
            return self.add(at, host, "send", bytes);
        }
        self.add(at, host, "effect", &[]);
        // Hashing never fails.
        let _ = write!(self, "{effect:?}");
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        self.0.clone().finalize().into()
    }
}

impl Write for Trace {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}
