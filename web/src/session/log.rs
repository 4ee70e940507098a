use crate::signals::any_signal::AnySignal;
use fedcoin_node::units::Timestamp;
use fedcoin_node::{Event, SyncStatus};
use leptos::prelude::*;
use node_wasm::messages::Happening;
use std::collections::VecDeque;

/// Maximum number of entries; the oldest are dropped.
const MAX_ENTRIES: usize = 100;

/// Events since the page was opened, newest first.
#[derive(Clone, Copy)]
pub(crate) struct Log {
    entries: AnySignal<VecDeque<Entry>>,
    next: StoredValue<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Identifies the entry.
    pub(crate) number: u64,
    pub(crate) time: Timestamp,
    pub(crate) what: Occurrence,
}

/// An event in the worker, or of the worker.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Occurrence {
    /// Reported by the worker.
    Reported(Happening),
    /// The node runs, in this slot.
    Ready(u32),
    /// No node is running, for this reason.
    Failed(String),
    /// The worker did not respond and was restarted.
    Restarted,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { entries: AnySignal::new(VecDeque::new()), next: StoredValue::new(0) }
    }

    /// The entries, newest first.
    pub(crate) fn entries(self) -> Vec<Entry> {
        self.entries.with(|entries| entries.iter().cloned().collect())
    }

    /// Adds an entry. Sync progress replaces earlier progress.
    pub(crate) fn write(self, time: Timestamp, what: Occurrence) {
        let last = self.entries.with_untracked(|entries| entries.front().map(|last| last.what.clone()));
        if is_left_out(&what) || last.is_some_and(|last| says_the_same(&last, &what)) {
            return;
        }
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        self.entries.update(|entries| {
            if is_progress(&what) && entries.front().is_some_and(|last| is_progress(&last.what)) {
                entries.pop_front();
            }
            entries.push_front(Entry { number, time, what });
            entries.truncate(MAX_ENTRIES);
        });
    }
}

/// Events that the mining panel shows anyway, and the second report on an accepted payment.
const fn is_left_out(what: &Occurrence) -> bool {
    matches!(
        what,
        Occurrence::Reported(Happening::Node(
            Event::MiningChanged(_)
                | Event::PaymentSubmitted { result: Ok(()), .. }
                | Event::BlockSubmitted { result: Ok(()), .. }
        ))
    )
}

/// A block mined here is reported once, not again as the new tip.
fn says_the_same(last: &Occurrence, what: &Occurrence) -> bool {
    let Occurrence::Reported(Happening::Node(Event::BlockMined { id, .. })) = last else { return false };
    matches!(what, Occurrence::Reported(Happening::Node(Event::TipChanged { tip, .. })) if tip.id == *id)
}

const fn is_progress(what: &Occurrence) -> bool {
    matches!(
        what,
        Occurrence::Reported(Happening::Node(Event::SyncChanged(
            SyncStatus::Headers { .. } | SyncStatus::Blocks { .. }
        )))
    )
}
