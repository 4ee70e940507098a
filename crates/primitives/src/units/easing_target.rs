use super::{CompactTarget, Timestamp};
use serde::{Deserialize, Serialize};

/// The target of the next header, which depends on that header's own time: it eases while no block comes (rule H4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EasingTarget {
    in_time: CompactTarget,
    easiest: CompactTarget,
    eases_after: Timestamp,
    step_ms: u64,
}

impl EasingTarget {
    /// The same target at any time.
    #[must_use]
    pub const fn fixed(target: CompactTarget) -> Self {
        Self { in_time: target, easiest: target, eases_after: Timestamp(u64::MAX), step_ms: 1 }
    }

    /// `in_time` up to `eases_after`. Then the target doubles at once and after each further `step_ms`, which is not
    /// zero, until it is `easiest`.
    #[must_use]
    pub const fn new(in_time: CompactTarget, easiest: CompactTarget, eases_after: Timestamp, step_ms: u64) -> Self {
        Self { in_time, easiest, eases_after, step_ms }
    }

    /// The target of a header of this time.
    #[must_use]
    pub fn at(&self, time: Timestamp) -> CompactTarget {
        self.after_doublings(self.doublings(time))
    }

    /// The target of a header in time.
    #[must_use]
    pub const fn in_time(&self) -> CompactTarget {
        self.in_time
    }

    /// How often the target has doubled for a header of this time, were there no easiest one: 0 if it is in time.
    #[must_use]
    pub const fn doublings(&self, time: Timestamp) -> u64 {
        time.0.saturating_sub(self.eases_after.0).div_ceil(self.step_ms)
    }

    /// The target after this many doublings, rounded down to the compact form.
    #[must_use]
    pub fn after_doublings(&self, doublings: u64) -> CompactTarget {
        match (self.in_time.expand(), self.easiest.expand()) {
            (Ok(in_time), Ok(easiest)) if doublings > 0 => in_time.eased(doublings, easiest).to_compact(),
            _ => self.in_time,
        }
    }

    /// The first time after `time` at which the target is another one.
    #[must_use]
    pub fn next_change(&self, time: Timestamp) -> Option<Timestamp> {
        let doublings = self.doublings(time);
        let steps = doublings.checked_mul(self.step_ms)?;
        let next = Timestamp(self.eases_after.0.checked_add(steps)?.checked_add(1)?);
        (self.after_doublings(doublings) != self.easiest).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EASIEST: CompactTarget = CompactTarget(0x1e03_ffff);

    #[test]
    fn each_step_doubles_the_target_up_to_the_easiest() {
        let target = EasingTarget::new(CompactTarget(0x1c10_0001), EASIEST, Timestamp(1_000), 20);
        let seen = [0, 1_000, 1_001, 1_020, 1_021, 1_041, 1_061, 1_081].map(|time| target.at(Timestamp(time)).0);
        // The last bit is lost when the mantissa has no place for it.
        let expected =
            [0x1c10_0001, 0x1c10_0001, 0x1c20_0002, 0x1c20_0002, 0x1c40_0004, 0x1c80_0008, 0x1d01_0000, 0x1d02_0000];
        assert_eq!(seen, expected);
        assert_eq!(target.at(Timestamp(1_000 + 13 * 20)), CompactTarget(0x1e02_0000));
        for late in [1_000 + 13 * 20 + 1, 1 << 40, u64::MAX] {
            assert_eq!(target.at(Timestamp(late)), EASIEST);
        }
    }

    #[test]
    fn changes_are_where_the_target_changes() {
        let target = EasingTarget::new(CompactTarget(0x1c10_0001), EASIEST, Timestamp(1_000), 20);
        let (mut at, mut changes) = (Timestamp(0), 0);
        while let Some(next) = target.next_change(at) {
            assert_eq!(target.at(Timestamp(next.0 - 1)), target.at(at));
            assert!(target.at(next).expand().unwrap() > target.at(at).expand().unwrap());
            (at, changes) = (next, changes + 1);
        }
        assert_eq!((changes, target.at(at)), (14, EASIEST));
        let fixed = EasingTarget::fixed(EASIEST);
        assert_eq!((fixed.at(Timestamp(u64::MAX)), fixed.next_change(Timestamp(5))), (EASIEST, None));
    }
}
