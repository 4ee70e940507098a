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

    /// The peers to disconnect: those that send no blocks while others are fast. `owing` lists peers that owe blocks,
    /// each with the time of its last block or of the first request. If no peer is fast, this node's own link may be
    /// the bottleneck, so all of them get more time.
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
    fn on_a_slow_link_all_peers_get_more_time_twice() {
        let mut pace = Pace::default();
        let owing = [(A, seconds(0)), (B, seconds(0))];
        for (at, left) in [(19, vec![]), (20, vec![]), (39, vec![]), (40, vec![]), (79, vec![]), (80, vec![A, B])] {
            assert_eq!(pace.overdue(&owing, seconds(at)), left, "after {at} s");
        }
        assert_eq!(Pace::default().overdue(&[(A, seconds(0))], seconds(20)), [A], "a single peer gets no more time");
    }

    #[test]
    fn a_silent_peer_is_disconnected_while_others_are_fast() {
        let mut pace = Pace::default();
        // Half of the maximum size in half of the time, then in a millisecond more.
        for (took, left) in [(10_000, vec![A]), (10_001, vec![])] {
            pace.fast_block_at = Monotonic::default();
            pace.delivered(500_000, 1_000_000, seconds(0), Monotonic(took));
            assert_eq!(pace.overdue(&[(A, seconds(0)), (B, seconds(10))], seconds(20)), left, "{took} ms");
        }
    }
}
