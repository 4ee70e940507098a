use fedcoin_node::wire::Message;
use std::sync::atomic::{AtomicU64, Ordering};

/// Kinds of messages told apart; the last holds all that are none.
const KINDS: usize = 32;

/// What went through all connections, by kind of message.
#[derive(Debug, Default)]
pub struct Traffic {
    received: Tallies,
    sent: Tallies,
}

/// One way's count.
#[derive(Debug, Default)]
pub struct Tallies([Tally; KINDS]);

#[derive(Debug, Default)]
struct Tally {
    messages: AtomicU64,
    bytes: AtomicU64,
}

impl Traffic {
    /// What peers have sent.
    #[must_use]
    pub fn received(&self) -> &Tallies {
        &self.received
    }

    /// What peers have taken.
    #[must_use]
    pub fn sent(&self) -> &Tallies {
        &self.sent
    }
}

impl Tallies {
    /// Counts a frame.
    pub(super) fn count(&self, frame: &[u8]) {
        let known = frame.first().filter(|kind| Message::name_of(**kind).is_some());
        let kind = known.map_or(KINDS - 1, |kind| usize::from(*kind).min(KINDS - 1));
        self.0[kind].messages.fetch_add(1, Ordering::Relaxed);
        self.0[kind].bytes.fetch_add(frame.len() as u64, Ordering::Relaxed);
    }

    /// Messages and their bytes by kind, as far as there are any.
    pub fn by_kind(&self) -> impl Iterator<Item = (&'static str, u64, u64)> {
        let counts = self.0.iter().zip(0..).map(|(tally, kind)| {
            let name = Message::name_of(kind).unwrap_or("unknown");
            (name, tally.messages.load(Ordering::Relaxed), tally.bytes.load(Ordering::Relaxed))
        });
        counts.filter(|(name, messages, _)| *messages > 0 || *name != "unknown")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_counted_by_kind() {
        let tallies = Tallies::default();
        for frame in [&Message::Ping(1).encode()[..], &Message::Ping(2).encode(), &[], &[255, 1, 2], &[30]] {
            tallies.count(frame);
        }
        let counted: Vec<_> = tallies.by_kind().filter(|(_, messages, _)| *messages > 0).collect();
        assert_eq!(counted, [("Ping", 2, 18), ("unknown", 3, 4)]);
    }
}
