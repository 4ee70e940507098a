use std::time::Duration;

/// The start or the end of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A partition: these nodes and the others can no longer reach each other. Frames in transit are lost.
    Partition {
        /// One side.
        island: Vec<usize>,
    },
    /// The partition ends. Cut connections turn out to be broken.
    Heal,
    /// A node is killed between two effects and comes back later with what its store kept.
    Crash {
        /// The node's number.
        node: usize,
        /// How long it is away.
        down: Duration,
    },
    /// A node is shut down properly and comes back later.
    Stop {
        /// The node's number.
        node: usize,
        /// How long it is away.
        down: Duration,
    },
    /// All connections of a node break; it may open new ones at once.
    Disconnect {
        /// The node's number.
        node: usize,
    },
    /// A node's wall clock is set ahead by this many milliseconds; 0 sets it right.
    SetClock {
        /// The node's number.
        node: usize,
        /// How far it is ahead of the others.
        ahead_ms: i64,
    },
}
