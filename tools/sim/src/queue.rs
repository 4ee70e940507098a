use crate::fault::Fault;
use crate::time::VirtualTime;
use bytes::Bytes;
use fedcoin_node::Input;
use fedcoin_node::peers::PeerId;
use fedcoin_node::primitives::Header;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A worker's result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Find {
    pub(crate) generation: u64,
    pub(crate) header: Header,
}

/// An event at some time. `run` counts a host's starts: events for an earlier run are dropped.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// A host's own machine answers its node.
    Input { host: usize, run: u32, input: Input },
    /// A node's timeout.
    Tick { host: usize, run: u32 },
    /// A dial reaches its target.
    Dial { from: usize, run: u32, to: Option<usize> },
    /// The end of a connection learns that it is open.
    Connected { end: PeerId },
    /// A frame reaches the end of a connection.
    Delivered { end: PeerId, bytes: Bytes },
    /// The end of a connection learns that it is gone.
    Closed { end: PeerId },
    /// A hash of some host would meet the easiest target.
    Lottery,
    /// The node gets the result.
    Reported { host: usize, run: u32, find: Find },
    /// A host is switched on.
    Start { host: usize },
    /// A planned fault happens.
    Fault(Fault),
    /// Some connection breaks.
    ConnectionLoss,
    /// A wallet pays another one.
    PaymentDue,
    /// Wallets submit payments again that were not mined.
    Resubmission,
    /// A byzantine host takes its regular action.
    Mischief { host: usize },
    /// A node leaves, to return later.
    Departure,
    /// A node starts or stops mining.
    MinerChange,
    /// The night begins, or ends.
    Night(bool),
    /// Checks whether all agree again after a partition.
    Recovery,
    /// Checks a node's bounds.
    Inspection { host: usize },
}

/// Events in order of time, then of cause. It grows with the nodes' messages.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// Small, so that the heap's moves are cheap.
    heap: BinaryHeap<Entry>,
    next: u64,
    happenings: Vec<Option<Happening>>,
    /// Free places in `happenings`.
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

    /// The next event, if it is not after `end`.
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
    /// The earliest is the greatest, because the heap returns the greatest first.
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
