use super::{ClockComparison, NetworkGroup};
use crate::units::{Now, Timestamp};
use std::collections::BTreeMap;

/// Without peers chosen by the user, votes from this many network groups let mining follow the peers' clocks (rule
/// M10).
const ENOUGH: usize = 3;

/// The time by the peers' clocks, as an offset from this machine's monotonic clock, so that changes of the wall clock
/// do not affect it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PeersTime {
    /// The peers' time at monotonic time 0.
    origin: i64,
    votes: u32,
    counts: bool,
}

/// The peers' votes on the time by rank, one for each voter.
#[derive(Debug, Default)]
pub(super) struct ClockVotes {
    chosen: Vec<i64>,
    dialled: BTreeMap<NetworkGroup, Vec<i64>>,
    inbound: BTreeMap<NetworkGroup, Vec<i64>>,
}

/// A voter on the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ClockVoter {
    /// A peer chosen by the user.
    Chosen,
    /// Other dialled peers, in this network group.
    Dialled(NetworkGroup),
    /// Inbound peers, in this network group.
    Inbound(NetworkGroup),
}

impl ClockVotes {
    /// Adds a vote: a peer's clock showed `claimed` when this machine's clocks showed `at`.
    pub(super) fn add(&mut self, voter: ClockVoter, claimed: Timestamp, at: crate::units::Monotonic) {
        let origin = i64::try_from(i128::from(claimed.0) - i128::from(at.0)).unwrap_or(i64::MAX);
        match voter {
            ClockVoter::Chosen => self.chosen.push(origin),
            ClockVoter::Dialled(group) => self.dialled.entry(group).or_default().push(origin),
            ClockVoter::Inbound(group) => self.inbound.entry(group).or_default().push(origin),
        }
    }

    /// The median of the peers chosen by the user; without those, of the dialled ones; otherwise of the inbound ones.
    /// Peers that the user did not choose have one vote per network group, because hosts within one group are cheap
    /// (rule M10).
    pub(super) fn count(self) -> Option<PeersTime> {
        let of_groups = |groups: BTreeMap<NetworkGroup, Vec<i64>>| groups.into_values().filter_map(median).collect();
        let (chosen, dialled): (Vec<i64>, Vec<i64>) = (self.chosen, of_groups(self.dialled));
        let (votes, counts) = match (chosen.is_empty(), dialled.is_empty()) {
            (false, _) => (chosen, true),
            (true, false) => {
                let counts = dialled.len() >= ENOUGH;
                (dialled, counts)
            }
            (true, true) => (of_groups(self.inbound), false),
        };
        let number = u32::try_from(votes.len()).unwrap_or(u32::MAX);
        median(votes).map(|origin| PeersTime { origin, votes: number, counts })
    }
}

impl PeersTime {
    /// The time by the peers' clocks.
    pub(super) fn at(&self, now: Now) -> Timestamp {
        Timestamp(now.monotonic.0.saturating_add_signed(self.origin))
    }

    /// Compares this machine's wall clock with it.
    pub(super) fn compare(&self, now: Now) -> ClockComparison {
        let ahead = i128::from(now.wall.0) - i128::from(self.at(now).0);
        let ahead_ms = i64::try_from(ahead).unwrap_or(if ahead < 0 { i64::MIN } else { i64::MAX });
        ClockComparison { ahead_ms, votes: self.votes, counts: self.counts }
    }
}

/// The median. Of an even number, the lower middle one: half of the votes cannot put the time ahead.
fn median(mut votes: Vec<i64>) -> Option<i64> {
    votes.sort_unstable();
    votes.get(votes.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Monotonic;

    const NOW: Now = Now { wall: Timestamp(1_000_000_000), monotonic: Monotonic(5_000) };

    /// A vote whose clock is `ahead` milliseconds ahead.
    fn vote(votes: &mut ClockVotes, voter: ClockVoter, ahead: i64) {
        votes.add(voter, Timestamp(NOW.wall.0.saturating_add_signed(ahead)), NOW.monotonic);
    }

    fn compared(voters: &[(ClockVoter, i64)]) -> Option<ClockComparison> {
        let mut votes = ClockVotes::default();
        voters.iter().for_each(|(voter, ahead)| vote(&mut votes, voter.clone(), *ahead));
        votes.count().map(|time| time.compare(NOW))
    }

    fn dialled(n: u8) -> ClockVoter {
        ClockVoter::Dialled(NetworkGroup::V4([10, n]))
    }

    fn inbound(n: u8) -> ClockVoter {
        ClockVoter::Inbound(NetworkGroup::V4([10, n]))
    }

    #[test]
    fn a_network_group_has_one_vote() {
        let crowd = std::iter::repeat_n((dialled(1), 3_600_000), 100);
        let all: Vec<_> = crowd.chain([(dialled(2), 10), (dialled(3), 20)]).collect();
        assert_eq!(compared(&all), Some(ClockComparison { ahead_ms: -20, votes: 3, counts: true }));
        // As many hostile groups as honest ones cannot put the time ahead.
        let even = [(dialled(1), 3_600_000), (dialled(2), 3_600_000), (dialled(3), 20), (dialled(4), 10)];
        assert_eq!(compared(&even).map(|c| c.ahead_ms), Some(-20));
    }

    #[test]
    fn chosen_peers_take_precedence_and_a_few_others_only_warn() {
        assert_eq!(compared(&[]), None);
        let one = [(inbound(1), 9_000)];
        assert_eq!(compared(&one), Some(ClockComparison { ahead_ms: -9_000, votes: 1, counts: false }));
        let inbound_votes: Vec<_> = (0..100).map(|n| (inbound(n), 9_000)).collect();
        assert_eq!(
            compared(&inbound_votes).map(|c| (c.votes, c.counts)),
            Some((100, false)),
            "who comes is not chosen"
        );
        let mut all = inbound_votes;
        for (n, counts) in [(101, false), (102, false), (103, true)] {
            all.push((dialled(n), 500));
            let expected = ClockComparison { ahead_ms: -500, votes: u32::from(n) - 100, counts };
            assert_eq!(compared(&all), Some(expected));
        }
        all.push((ClockVoter::Chosen, 7));
        assert_eq!(compared(&all), Some(ClockComparison { ahead_ms: -7, votes: 1, counts: true }));
    }

    #[test]
    fn changes_of_the_wall_clock_do_not_move_the_peers_time() {
        let mut votes = ClockVotes::default();
        vote(&mut votes, ClockVoter::Chosen, 0);
        let time = votes.count().unwrap();
        let later = Now { monotonic: Monotonic(65_000), wall: Timestamp(NOW.wall.0 + 60_000) };
        assert_eq!(time.compare(later).ahead_ms, 0);
        let jumped = Now { wall: Timestamp(later.wall.0 + 10_800_000), ..later };
        assert_eq!(time.compare(jumped).ahead_ms, 10_800_000);
        assert!(time.compare(jumped).differs() && !time.compare(later).differs());
        let nowhere = Now { wall: Timestamp(u64::MAX), ..later };
        assert_eq!(time.compare(nowhere).ahead_ms, i64::MAX);
    }

    #[test]
    fn extreme_times_are_handled() {
        for claimed in [0, 1, u64::MAX] {
            let mut votes = ClockVotes::default();
            votes.add(ClockVoter::Chosen, Timestamp(claimed), Monotonic(u64::MAX));
            let time = votes.count().unwrap();
            assert!(time.compare(NOW).differs());
        }
    }
}
