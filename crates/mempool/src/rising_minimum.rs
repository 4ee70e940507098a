use super::{FEE_STEP, FeeRate, MINIMUM_HALF_LIFE};
use fedcoin_primitives::units::{Amount, Monotonic};

/// The minimum fee rate after payments were displaced (rule P8). Without it, a full mempool would accept and displace
/// payments endlessly, all of which peers have to relay.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RisingMinimum(Option<(FeeRate, Monotonic)>);

impl RisingMinimum {
    /// Raises the minimum after a payment of this rate was displaced.
    pub(super) fn rise(&mut self, pushed_out: FeeRate, now: Monotonic) {
        let rate = pushed_out.plus(FEE_STEP);
        if rate > self.at(now) {
            self.0 = Some((rate, now));
        }
    }

    /// Ends the minimum, because there is room again.
    pub(super) fn end(&mut self) {
        self.0 = None;
    }

    /// The minimum at this time.
    pub(super) fn at(&self, now: Monotonic) -> FeeRate {
        let Some((rate, since)) = self.0 else { return FeeRate::ZERO };
        let (passed, half) = (now.since(since).as_millis(), MINIMUM_HALF_LIFE.as_millis());
        let halvings = u32::try_from(passed / half).unwrap_or(u32::MAX);
        let start = rate.of_kilobyte().halved(halvings).units();
        // Linear between the values at full half-lives.
        let now = u128::from(start) * (2 * half - passed % half) / (2 * half);
        let now = u64::try_from(now).ok().and_then(|units| Amount::from_units(units).ok()).unwrap_or(Amount::MAX);
        // Below half a step, the minimum ends.
        if now < FEE_STEP.of_kilobyte().halved(1) { FeeRate::ZERO } else { FeeRate::per_kilobyte(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_rises_at_once_and_halves_over_time() {
        let rate = |units| FeeRate::per_kilobyte(Amount::from_units(units).unwrap());
        let half = u64::try_from(MINIMUM_HALF_LIFE.as_millis()).unwrap();
        let mut minimum = RisingMinimum::default();
        assert_eq!(minimum.at(Monotonic(5)), FeeRate::ZERO);
        minimum.rise(rate(7_000), Monotonic(5));
        for (passed, expected) in
            [(0, 8_000), (half / 2, 6_000), (half, 4_000), (2 * half, 2_000), (4 * half, 500), (4 * half + 1_500, 0)]
        {
            assert_eq!(minimum.at(Monotonic(5 + passed)), rate(expected), "after {passed} ms");
        }
        assert_eq!(minimum.at(Monotonic(u64::MAX)), FeeRate::ZERO);
        minimum.rise(rate(2_000), Monotonic(5));
        assert_eq!(minimum.at(Monotonic(5)), rate(8_000), "a lower rate does not reduce it");
        minimum.end();
        assert_eq!(minimum.at(Monotonic(5)), FeeRate::ZERO);
    }
}
