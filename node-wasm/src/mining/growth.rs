//! How many miners are worth running. Browsers report the machine's threads, but in a container or on a busy machine a
//! tab may get only a few of them. More miners than that only slow the page down.

/// Number of miners at the start.
const FIRST: u32 = 2;
/// Length of a trial of one number of miners, in seconds.
const TRIAL: u32 = 10;
/// The first seconds of a trial, whose hash rates still include the time before it.
const SETTLING: u32 = 6;
/// Minimum gain in hash rate from twice as many miners.
const GAIN: f64 = 0.2;

/// The number of miners. It doubles as long as the hash rate grows with it.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    wanted: u32,
    miners: u32,
    /// Number and hash rate before the last step.
    before: Option<(u32, f64)>,
    /// Seconds of this trial in which all miners searched, and the highest hash rate after [`SETTLING`].
    seconds: u32,
    best: f64,
    settled: bool,
}

impl Growth {
    /// Starts with at most `FIRST` miners; the user wants `wanted`.
    #[must_use]
    pub fn new(wanted: u32) -> Self {
        Self { wanted, miners: wanted.min(FIRST), before: None, seconds: 0, best: 0.0, settled: false }
    }

    /// Sets the number that the user wants, which is the maximum. A new number starts over.
    pub fn want(&mut self, wanted: u32) {
        if wanted != self.wanted {
            *self = Self::new(wanted);
        }
    }

    /// The number of miners to run.
    #[must_use]
    pub const fn miners(&self) -> u32 {
        self.miners
    }

    /// The number of miners beyond which more gained nothing, if it is known.
    #[must_use]
    pub fn enough(&self) -> Option<u32> {
        (self.settled && self.miners < self.wanted).then_some(self.miners)
    }

    /// Records the hash rate of all miners, once per second; `None` while not all of them search.
    pub fn observe(&mut self, rate: Option<f64>) {
        let Some(rate) = rate.filter(|_| !self.settled) else { return };
        self.seconds += 1;
        if self.seconds > SETTLING {
            self.best = self.best.max(rate);
        }
        if self.seconds < TRIAL {
            return;
        }
        let rate = std::mem::take(&mut self.best);
        self.seconds = 0;
        match self.before {
            Some((fewer, less)) if rate < less * Self::needed(f64::from(self.miners) / f64::from(fewer)) => {
                (self.miners, self.settled) = (fewer, true);
            }
            _ if self.miners >= self.wanted => self.settled = true,
            _ => {
                self.before = Some((self.miners, rate));
                self.miners = self.miners.saturating_mul(2).min(self.wanted);
            }
        }
    }

    /// The factor by which the hash rate must grow when the number of miners grows `times`-fold.
    fn needed(times: f64) -> f64 {
        1.0 + GAIN * (times - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// The final number on a machine with these hash rates.
    fn settles(wanted: u32, rate: impl Fn(u32) -> f64) -> (u32, Option<u32>) {
        let mut growth = Growth::new(wanted);
        for _ in 0..300 {
            growth.observe(Some(rate(growth.miners())));
        }
        (growth.miners(), growth.enough())
    }

    #[wasm_bindgen_test]
    fn miners_are_added_while_they_bring_something() {
        let cores = |cores: u32| move |miners: u32| f64::from(miners.min(cores)) * 20e6;
        assert_eq!(settles(48, cores(2)), (2, Some(2)), "two cores");
        assert_eq!(settles(48, cores(8)), (8, Some(8)));
        assert_eq!(settles(48, cores(48)), (48, None), "all that the user wants");
        assert_eq!(settles(48, cores(6)), (8, Some(8)), "not all of the last step is of use");
        assert_eq!(settles(1, cores(2)), (1, None));
        assert_eq!(settles(3, cores(4)), (3, None));
        assert_eq!(settles(3, cores(2)), (2, Some(2)));
    }

    #[wasm_bindgen_test]
    fn only_miners_that_all_search_are_judged() {
        let mut growth = Growth::new(8);
        (0..60).for_each(|_| growth.observe(None));
        assert_eq!((growth.miners(), growth.enough()), (2, None));
        // Between two blocks they rest for a moment.
        (0..20).for_each(|second| growth.observe((second % 2 == 0).then_some(1e6)));
        assert_eq!(growth.miners(), 4);
        growth.want(1);
        assert_eq!(growth.miners(), 1);
    }

    #[wasm_bindgen_test]
    fn a_rate_that_still_contains_the_time_before_does_not_count() {
        let mut growth = Growth::new(8);
        (0..10).for_each(|_| growth.observe(Some(10.0)));
        (0..5).for_each(|_| growth.observe(Some(20.0)));
        (0..5).for_each(|_| growth.observe(Some(10.0)));
        assert_eq!((growth.miners(), growth.enough()), (2, Some(2)));
    }
}
