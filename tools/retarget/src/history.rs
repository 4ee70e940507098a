use ethnum::U256;
use fedcoin_primitives::units::{CompactTarget, Target, Timestamp};

/// The data of a block that a rule may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Blocks since the simulation began.
    pub height: u64,
    /// As its miner wrote it into the header.
    pub time: Timestamp,
    /// As in the header.
    pub target: CompactTarget,
    /// The target as a number.
    pub value: U256,
}

/// The newest headers of a chain: never empty, at most [`History::MOST`].
#[derive(Clone, Debug)]
pub struct History {
    links: Vec<Link>,
}

/// The number that a target stands for.
pub(crate) fn number(target: Target) -> U256 {
    U256::from_be_bytes(target.to_be_bytes())
}

impl History {
    /// Number of headers that are kept, and that a new chain has.
    pub const KEPT: usize = 128;
    /// At this number the older headers are dropped.
    pub const MOST: usize = 2 * Self::KEPT;

    /// A chain whose blocks all took one spacing at this target. The last one is at `now`.
    #[must_use]
    pub fn steady(target: CompactTarget, now: Timestamp) -> Self {
        let mut history = Self { links: Vec::with_capacity(Self::MOST) };
        for n in 0..Self::KEPT as u64 {
            let age = (Self::KEPT as u64 - 1 - n) * crate::SPACING_MS;
            history.push(Timestamp(now.0 - age), target);
        }
        history
    }

    /// Adds a block.
    pub fn push(&mut self, time: Timestamp, target: CompactTarget) {
        if self.links.len() == Self::MOST {
            self.links.drain(..Self::KEPT);
        }
        let height = self.links.last().map_or(0, |tip| tip.height + 1);
        let value = target.expand().map_or(U256::ONE, number);
        self.links.push(Link { height, time, target, value });
    }

    /// The newest block.
    #[must_use]
    pub fn tip(&self) -> &Link {
        &self.links[self.links.len() - 1]
    }

    /// The last `n` blocks, the oldest first.
    #[must_use]
    pub fn last(&self, n: usize) -> &[Link] {
        &self.links[self.links.len() - n..]
    }

    /// The time that the next block must be above (rule H5).
    #[must_use]
    pub fn median_time(&self) -> Timestamp {
        median_time(self.last(11))
    }
}

/// The median of these blocks' times.
pub(crate) fn median_time(links: &[Link]) -> Timestamp {
    let mut times: Vec<Timestamp> = links.iter().map(|link| link.time).collect();
    times.sort_unstable();
    times[times.len() / 2]
}
