use crate::peer_id::PeerId;
use crate::units::Monotonic;
use core::time::Duration;

/// With blocks asked for, one must come so often: at this pace the largest block comes in one such time.
const BLOCK_STALL: Duration = Duration::from_secs(20);
/// While nobody sends blocks at that pace, and several owe some, it may take longer: twice as long each time that it has,
/// up to this.
const MAX_BLOCK_STALL: Duration = Duration::from_secs(80);
/// A block counts as having taken so long at least: several may have waited in one buffer.
const SHORTEST: Duration = Duration::from_millis(100);

/// How fast blocks come, and how long the node waits for the next of peers that owe some.
pub(super) struct Pace {
    /// When a block that was owed last came so fast that this node's link cannot be the slow one.
    fast_block_at: Monotonic,
    /// How long the node waits where none comes so fast.
    patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { fast_block_at: Monotonic::default(), patience: BLOCK_STALL }
    }
}

impl Pace {
    /// A block of so many bytes has come that was waited for `since` then; the network's largest has `largest`.
    pub(super) fn delivered(&mut self, bytes: usize, largest: u32, since: Monotonic, now: Monotonic) {
        let took = now.since(since).max(SHORTEST);
        if bytes as u128 * BLOCK_STALL.as_millis() >= u128::from(largest) * took.as_millis() {
            self.fast_block_at = now;
            self.patience = (self.patience / 2).max(BLOCK_STALL);
        }
    }

    /// Whom to leave of the peers that owe blocks, each with the time of its last one, or of the first question: those
    /// that send none though others are fast. Where nobody is, this node's own link may be the slow one: then all that
    /// owe some get more time.
    pub(super) fn overdue(&mut self, owing: &[(PeerId, Monotonic)], now: Monotonic) -> Vec<PeerId> {
        let outpaced = |last: Monotonic| now.since(last) >= BLOCK_STALL && self.fast_block_at > last;
        let out_of_time = |last: Monotonic| now.since(last) >= self.patience;
        let slow_link = owing.iter().any(|(_, last)| out_of_time(*last) && !outpaced(*last));
        let spared = slow_link && owing.len() > 1 && self.patience < MAX_BLOCK_STALL;
        let left = owing.iter().filter(|(_, last)| outpaced(*last) || !spared && out_of_time(*last));
        let left = left.map(|(peer, _)| *peer).collect();
        if slow_link {
            self.patience = (self.patience * 2).min(MAX_BLOCK_STALL);
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PeerId = PeerId(1);
    const B: PeerId = PeerId(2);

    fn seconds(seconds: u64) -> Monotonic {
        Monotonic(1_000 * seconds)
    }

    #[test]
    fn on_a_slow_link_all_that_owe_blocks_get_more_time_twice() {
        let mut pace = Pace::default();
        let owing = [(A, seconds(0)), (B, seconds(0))];
        for (at, left) in [(19, vec![]), (20, vec![]), (39, vec![]), (40, vec![]), (79, vec![]), (80, vec![A, B])] {
            assert_eq!(pace.overdue(&owing, seconds(at)), left, "after {at} s");
        }
        assert_eq!(
            Pace::default().overdue(&[(A, seconds(0))], seconds(20)),
            [A],
            "with one peer the link is not to blame"
        );
    }

    #[test]
    fn a_peer_is_left_that_sends_nothing_while_others_are_fast() {
        let mut pace = Pace::default();
        // Half of the largest block in half of the time, then in a millisecond more.
        for (took, left) in [(10_000, vec![A]), (10_001, vec![])] {
            pace.fast_block_at = Monotonic::default();
            pace.delivered(500_000, 1_000_000, seconds(0), Monotonic(took));
            assert_eq!(pace.overdue(&[(A, seconds(0)), (B, seconds(10))], seconds(20)), left, "{took} ms");
        }
    }
}
