use fedcoin_node::wire::Message;
use std::sync::atomic::{AtomicU64, Ordering};

/// Number of kinds that are counted separately; the last one counts unknown kinds.
const KINDS: usize = 32;

/// Messages received and sent over all connections, by kind.
#[derive(Debug, Default)]
pub struct Traffic {
    received: MessageCounters,
    sent: MessageCounters,
}

/// Messages in one direction, by kind.
#[derive(Debug, Default)]
pub struct MessageCounters([Counter; KINDS]);

#[derive(Debug, Default)]
struct Counter {
    messages: AtomicU64,
    bytes: AtomicU64,
}

impl Traffic {
    /// Messages from peers.
    #[must_use]
    pub fn received(&self) -> &MessageCounters {
        &self.received
    }

    /// Messages to peers.
    #[must_use]
    pub fn sent(&self) -> &MessageCounters {
        &self.sent
    }
}

impl MessageCounters {
    pub(super) fn count(&self, frame: &[u8]) {
        let known = frame.first().filter(|kind| Message::name_of(**kind).is_some());
        let kind = known.map_or(KINDS - 1, |kind| usize::from(*kind).min(KINDS - 1));
        self.0[kind].messages.fetch_add(1, Ordering::Relaxed);
        self.0[kind].bytes.fetch_add(frame.len() as u64, Ordering::Relaxed);
    }

    /// The number of messages and of their bytes, by kind.
    pub fn by_kind(&self) -> impl Iterator<Item = (&'static str, u64, u64)> {
        let counts = self.0.iter().zip(0..).map(|(counter, kind)| {
            let name = Message::name_of(kind).unwrap_or("unknown");
            (name, counter.messages.load(Ordering::Relaxed), counter.bytes.load(Ordering::Relaxed))
        });
        counts.filter(|(name, messages, _)| *messages > 0 || *name != "unknown")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_counted_by_kind() {
        let counters = MessageCounters::default();
        for frame in [&Message::Ping(1).encode()[..], &Message::Ping(2).encode(), &[], &[255, 1, 2], &[30]] {
            counters.count(frame);
        }
        let counted: Vec<_> = counters.by_kind().filter(|(_, messages, _)| *messages > 0).collect();
        assert_eq!(counted, [("Ping", 2, 18), ("unknown", 3, 4)]);
    }
}
