use serde::{Deserialize, Serialize};

/// How soon a change must be on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Durability {
    /// With the next immediate commit, at the latest at shutdown; for changes that can be downloaded or computed again.
    /// A crash loses such changes from the end, never from the middle.
    Eventual,
    /// Before the next effect.
    Immediate,
}
