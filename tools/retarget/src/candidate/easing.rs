use super::hash_rate::difficulty;
use super::{Candidate, EASIEST, compact};
use crate::{History, SPACING_MS, history::number};
use ethnum::U256;
use fedcoin_primitives::units::{CompactTarget, EasingTarget, Timestamp};

/// The current rule, written a second time, with other constants or without some parts, to show what each part does.
#[derive(Clone, Copy, Debug)]
pub struct Easing {
    /// On average, blocks count as having taken at least one spacing divided by this.
    pub brake: u64,
    /// What a late block shows.
    pub late: Late,
}

/// What a late block shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// A rest if it is so late that its target was the easiest long before, otherwise a fall.
    RestOrFall,
    /// Always a fall of the hash rate.
    Fall,
    /// Always a rest.
    Rest,
}

impl Easing {
    /// The node's own values.
    pub const IN_FORCE: Self = Self { brake: 4, late: Late::RestOrFall };
    const WINDOW: usize = 22;
    const LATE_MS: u64 = 120_000 + 12 * SPACING_MS;
    const STEP_MS: u64 = SPACING_MS / 5;
    const MOST_MS: u64 = 6 * SPACING_MS;
    const JUMP_MS: u64 = 120_000 + 10 * SPACING_MS;

    fn target(in_time: CompactTarget, latest: u64) -> EasingTarget {
        EasingTarget::new(in_time, EASIEST, Timestamp(latest + Self::LATE_MS), Self::STEP_MS)
    }

    fn is_rest(self, needed: &EasingTarget, doublings: u64) -> bool {
        let proven = doublings > 10 && needed.after_doublings(doublings - 10) == EASIEST;
        self.late == Late::Rest || (self.late == Late::RestOrFall && proven)
    }

    /// The target of a block in time, from works and times of the blocks that count.
    fn in_time(self, counted: &[(U256, u64)], fall: Option<CompactTarget>, cautious: bool) -> CompactTarget {
        let window = fall.map_or(Self::WINDOW, |_| Self::WINDOW.min(2 + counted.len()));
        let missing = (difficulty(fall.unwrap_or(EASIEST)), SPACING_MS);
        let (mut work, mut time) = (U256::ZERO, 0);
        for n in 0..window {
            let (own_work, own_time) = (n + counted.len()).checked_sub(window).map_or(missing, |at| counted[at]);
            work += own_work * U256::from(n as u64 + 1);
            time += own_time * (n as u64 + 1);
        }
        let least = (window * (window + 1) / 2) as u64 * SPACING_MS / self.brake;
        let factor = (U256::from(time.max(least) * 33) << 40) / U256::from(SPACING_MS * 32);
        let easiest = EASIEST.expand().map_or(U256::MAX, number);
        let target: U256 = easiest / work * factor + easiest % work * factor / work;
        compact(target.min(easiest) / U256::from(if cautious { 4_u64 } else { 1 }))
    }
}

impl Candidate for Easing {
    fn name(&self) -> String {
        let late = match self.late {
            Late::RestOrFall => "",
            Late::Fall => ", late is a fall",
            Late::Rest => ", late is a rest",
        };
        let brake = if self.brake == Self::IN_FORCE.brake { String::new() } else { format!(", brake {}", self.brake) };
        format!("easing{late}{brake}")
    }

    fn next_target(&self, history: &History) -> EasingTarget {
        let links = history.last(41);
        let (mut latest, mut clock) = (links[0].time.0, links[0].time.0);
        let (mut reference, mut fall, mut cautious, mut after_late) = (links[0].target, None, 0_u32, false);
        let mut counted = Vec::with_capacity(links.len());
        for link in &links[1..] {
            let (time, needed) = (link.time.0, Self::target(reference, latest));
            let doublings = needed.doublings(link.time);
            latest = latest.max(time);
            if doublings == 0 {
                let gap = time.saturating_sub(clock);
                let took = gap.min(Self::MOST_MS);
                clock = if after_late || gap > Self::JUMP_MS { time } else { clock + took };
                let work = difficulty(link.target);
                counted.push((if cautious > 0 { work / 4 } else { work }, took));
                (reference, cautious) = (link.target, cautious.saturating_sub(1));
            } else {
                clock = time;
                if self.is_rest(&needed, doublings) {
                    cautious = 3;
                } else {
                    counted.clear();
                    (fall, reference, cautious) = (Some(link.target), link.target, 0);
                }
            }
            after_late = doublings > 0;
        }
        Self::target(self.in_time(&counted, fall, cautious > 0), latest)
    }
}

#[cfg(test)]
mod tests {
    use super::super::InForce;
    use super::*;
    use crate::{Chain, ONE_TAB, THIRTY_TABS};

    #[test]
    fn written_twice_the_rule_is_the_same() {
        let node = InForce::default();
        let mut chain = Chain::new(&node, THIRTY_TABS, 5);
        let mut late = 0;
        for n in 0..20_000 {
            assert_eq!(Easing::IN_FORCE.next_target(chain.history()), node.next_target(chain.history()), "{n}");
            chain.mine([THIRTY_TABS, THIRTY_TABS / 40.0, THIRTY_TABS * 50.0, ONE_TAB][n / 300 % 4]);
            if n % 97 == 0 {
                let rest = chain.rng().f64().powi(2) * 4_000.0;
                chain.wait(rest);
            }
            let stamp = match n % 13 {
                0 => chain.latest_stamp(),
                3 => chain.earliest_stamp(),
                _ => chain.honest_stamp(0.0),
            };
            late += u32::from(chain.target().doublings(stamp) > 0);
            chain.push(stamp);
        }
        assert!(late > 100, "{late}");
    }
}
