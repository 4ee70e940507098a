use serde::{Deserialize, Serialize};

/// How soon a change must have reached the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Durability {
    /// With the next immediate commit, at the latest at shutdown: what can be fetched or made
    /// again. A crash loses it whole, never a part out of the middle.
    Eventual,
    /// Before the next effect.
    Immediate,
}
