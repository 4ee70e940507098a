use crate::fault::Fault;
use crate::time::VirtualTime;
use bytes::Bytes;
use fedcoin_node::Input;
use fedcoin_node::peers::PeerId;
use fedcoin_node::primitives::Header;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A nonce found by a miner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Find {
    pub(crate) generation: u64,
    pub(crate) header: Header,
}

/// An event. `run` is the number of the host's start: events of an earlier run are dropped.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// A host's driver answers its node.
    Input { host: usize, run: u32, input: Input },
    /// A node's timeout.
    Tick { host: usize, run: u32 },
    /// A dial reaches its target.
    Dial { from: usize, run: u32, to: Option<usize> },
    /// One end of a connection learns that it is open.
    Connected { end: PeerId },
    /// A frame reaches one end of a connection.
    Delivered { end: PeerId, bytes: Bytes },
    /// One end of a connection learns that it is closed.
    Closed { end: PeerId },
    /// The next hash that meets the easiest target. A random host has found it.
    Lottery,
    /// A miner's result reaches its node.
    Reported { host: usize, run: u32, find: Find },
    /// A host is switched on.
    Start { host: usize },
    /// A planned fault happens.
    Fault(Fault),
    /// A random connection breaks.
    ConnectionLoss,
    /// A wallet pays another one.
    PaymentDue,
    /// Wallets resubmit payments that were not mined.
    Resubmission,
    /// A byzantine host takes its regular action.
    Mischief { host: usize },
    /// A node leaves and returns later.
    Departure,
    /// A node starts or stops mining.
    MinerChange,
    /// The night, when few mine, begins (`true`) or ends.
    Night(bool),
    /// Checks whether all nodes agree again after a partition.
    Recovery,
    /// Checks that a node stays within its bounds.
    Inspection { host: usize },
}

/// Events by time, then by the order in which they were added. It grows with the messages in transit.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// Small entries, which are cheap to move.
    heap: BinaryHeap<Entry>,
    next: u64,
    happenings: Vec<Option<Happening>>,
    /// Unused indexes of `happenings`.
    free: Vec<u32>,
}

#[derive(Debug)]
struct Entry {
    at: VirtualTime,
    sequence: u64,
    place: u32,
}

impl Queue {
    pub(crate) fn push(&mut self, at: VirtualTime, happening: Happening) {
        let place = self.free.pop().unwrap_or_else(|| {
            self.happenings.push(None);
            u32::try_from(self.happenings.len() - 1).expect("fewer than 2^32 happenings fit into memory")
        });
        self.happenings[place as usize] = Some(happening);
        self.heap.push(Entry { at, sequence: self.next, place });
        self.next += 1;
    }

    /// Takes the next event, unless it is after `end`.
    pub(crate) fn pop_until(&mut self, end: VirtualTime) -> Option<(VirtualTime, Happening)> {
        if self.heap.peek()?.at > end {
            return None;
        }
        let entry = self.heap.pop()?;
        self.free.push(entry.place);
        self.happenings[entry.place as usize].take().map(|happening| (entry.at, happening))
    }
}

impl Entry {
    fn key(&self) -> (VirtualTime, u64) {
        (self.at, self.sequence)
    }
}

impl Ord for Entry {
    /// Reversed, because the heap returns the greatest entry first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_then_cause() {
        let mut queue = Queue::default();
        for (at, host) in [(5, 0), (3, 1), (5, 2), (3, 3)] {
            queue.push(VirtualTime(at), Happening::Start { host });
        }
        let mut order = Vec::new();
        while let Some((_, Happening::Start { host })) = queue.pop_until(VirtualTime(4)) {
            order.push(host);
        }
        assert_eq!(order, [1, 3]);
        assert!(matches!(queue.pop_until(VirtualTime(5)), Some((VirtualTime(5), Happening::Start { host: 0 }))));
    }
}
