use crate::peer_id::PeerId;
use crate::units::Monotonic;
use core::time::Duration;

/// While blocks are due, one must arrive within this time. At that pace, a block of the maximum size arrives within it.
const BLOCK_STALL: Duration = Duration::from_secs(20);
/// If no peer is that fast and several owe blocks, the time doubles each time that it passes, up to this.
const MAX_BLOCK_STALL: Duration = Duration::from_secs(80);
/// Minimum duration that a block counts for, because several may have waited in one buffer.
const SHORTEST: Duration = Duration::from_millis(100);

/// The pace of block downloads, and the wait for the next block of a peer.
pub(super) struct Pace {
    /// When a requested block last arrived so fast that this node's link cannot be the bottleneck.
    fast_block_at: Monotonic,
    /// The wait while no peer is fast.
    patience: Duration,
}

/// A peer that owes blocks.
pub(super) struct Owing {
    pub(super) peer: PeerId,
    /// When its last block arrived, or when the first was requested.
    pub(super) last: Monotonic,
    /// When a part of one may have arrived.
    pub(super) last_part: Monotonic,
}

impl Default for Pace {
    fn default() -> Self {
        Self { fast_block_at: Monotonic::default(), patience: BLOCK_STALL }
    }
}

impl Pace {
    /// Records a block of `bytes` bytes that has been due since `since`; `largest` is the network's maximum size.
    pub(super) fn delivered(&mut self, bytes: usize, largest: u32, since: Monotonic, now: Monotonic) {
        let took = now.since(since).max(SHORTEST);
        if bytes as u128 * BLOCK_STALL.as_millis() >= u128::from(largest) * took.as_millis() {
            self.fast_block_at = now;
            self.patience = (self.patience / 2).max(BLOCK_STALL);
        }
    }

    /// The peers to disconnect: those that send no blocks while others are fast. If no peer is fast, this node's own
    /// link may be the bottleneck. Then all get more time, and a peer whose block is arriving gets as much as it needs.
    pub(super) fn overdue(&mut self, owing: &[Owing], now: Monotonic) -> Vec<PeerId> {
        let outpaced = |o: &Owing| now.since(o.last) >= BLOCK_STALL && self.fast_block_at > o.last;
        let out_of_time = |o: &Owing| now.since(o.last.max(o.last_part)) >= self.patience;
        let slow_link = owing.iter().any(|o| out_of_time(o) && !outpaced(o));
        let spared = slow_link && owing.len() > 1 && self.patience < MAX_BLOCK_STALL;
        let late = owing.iter().filter(|o| outpaced(o) || !spared && out_of_time(o));
        let late = late.map(|o| o.peer).collect();
        if slow_link {
            self.patience = (self.patience * 2).min(MAX_BLOCK_STALL);
        }
        late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PeerId = PeerId(1);
    const B: PeerId = PeerId(2);

    fn owing(peer: PeerId, last: u64, last_part: u64) -> Owing {
        Owing { peer, last: seconds(last), last_part: seconds(last_part) }
    }

    fn seconds(seconds: u64) -> Monotonic {
        Monotonic(1_000 * seconds)
    }

    #[test]
    fn on_a_slow_link_all_peers_get_more_time_twice() {
        let mut pace = Pace::default();
        let both = [owing(A, 0, 0), owing(B, 0, 0)];
        for (at, late) in [(19, vec![]), (20, vec![]), (39, vec![]), (40, vec![]), (79, vec![]), (80, vec![A, B])] {
            assert_eq!(pace.overdue(&both, seconds(at)), late, "after {at} s");
        }
        assert_eq!(Pace::default().overdue(&[owing(A, 0, 0)], seconds(20)), [A], "a single peer gets no more time");
    }

    #[test]
    fn a_peer_whose_block_is_arriving_stays_unless_others_are_fast() {
        let mut pace = Pace::default();
        for at in 1..60 {
            assert_eq!(pace.overdue(&[owing(A, 0, 10 * at - 1)], seconds(10 * at)), []);
        }
        assert_eq!(pace.overdue(&[owing(A, 0, 600)], seconds(620)), [A], "nothing arrives any more");
        let mut pace = Pace { fast_block_at: seconds(15), ..Pace::default() };
        assert_eq!(pace.overdue(&[owing(A, 0, 19), owing(B, 10, 0)], seconds(20)), [A], "others are faster");
    }

    #[test]
    fn a_block_counts_as_having_taken_at_least_a_moment() {
        let largest = 1_000_000;
        // What 20 seconds carry 200 times is carried in 100 ms once.
        let (enough, too_small) = (largest as usize / 200, largest as usize / 200 - 1);
        for took in [0, 1, 100] {
            for (bytes, fast) in [(enough, true), (too_small, false)] {
                let mut pace = Pace::default();
                pace.delivered(bytes, largest, seconds(1), Monotonic(1_000 + took));
                assert_eq!(pace.fast_block_at > seconds(0), fast, "{bytes} bytes in {took} ms");
            }
        }
    }

    #[test]
    fn a_silent_peer_is_disconnected_while_others_are_fast() {
        let mut pace = Pace::default();
        // Half of the maximum size in half of the time, then in a millisecond more.
        for (took, late) in [(10_000, vec![A]), (10_001, vec![])] {
            pace.fast_block_at = Monotonic::default();
            pace.delivered(500_000, 1_000_000, seconds(0), Monotonic(took));
            assert_eq!(pace.overdue(&[owing(A, 0, 0), owing(B, 10, 0)], seconds(20)), late, "{took} ms");
        }
    }
}
