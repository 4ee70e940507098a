use std::time::Duration;

/// Something that goes wrong, or ends going wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// These nodes and the others cannot reach each other any more; what is on the way is lost.
    Partition {
        /// One side.
        island: Vec<usize>,
    },
    /// All nodes can reach each other again. Connections that were cut are found to be broken.
    Heal,
    /// A node is killed between two effects and comes back later with what its store kept.
    Crash {
        /// Which.
        node: usize,
        /// For how long it is away.
        down: Duration,
    },
    /// A node is shut down properly and comes back later.
    Stop {
        /// Which.
        node: usize,
        /// For how long it is away.
        down: Duration,
    },
    /// All connections of a node break; it may open new ones at once.
    Disconnect {
        /// Which.
        node: usize,
    },
    /// A node's wall clock is set wrong by so many milliseconds, or right by 0.
    SetClock {
        /// Which.
        node: usize,
        /// By how much it is ahead of the others.
        ahead_ms: i64,
    },
}
