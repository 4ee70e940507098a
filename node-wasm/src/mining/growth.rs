//! How many miners bring something. Browsers tell the threads of the machine, of which a container or a busy machine may
//! give a tab only a few; more miners than that only keep the page from answering.

/// Miners to begin with.
const FIRST: u32 = 2;
/// Seconds for which a number of miners is tried.
const TRIAL: u32 = 10;
/// Of these the first ones, in which the hash rates still contain the time before.
const SETTLING: u32 = 6;
/// What twice as many miners must bring at least.
const GAIN: f64 = 0.2;

/// The number of miners, which doubles for as long as their hash rate grows with it.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    wanted: u32,
    miners: u32,
    /// Number and hash rate before the last step.
    before: Option<(u32, f64)>,
    /// Seconds in which all of these miners searched, and the highest hash rate of the last ones.
    seconds: u32,
    best: f64,
    settled: bool,
}

impl Growth {
    /// Begins with few.
    #[must_use]
    pub fn new(wanted: u32) -> Self {
        Self { wanted, miners: wanted.min(FIRST), before: None, seconds: 0, best: 0.0, settled: false }
    }

    /// The user wants at most so many. Another number is tried from the start.
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

    /// The number beyond which more brought nothing, if that is so.
    #[must_use]
    pub fn enough(&self) -> Option<u32> {
        (self.settled && self.miners < self.wanted).then_some(self.miners)
    }

    /// Call this every second with the hash rate of all miners; `None` while not all of them search.
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

    /// What so many times as many miners must bring.
    fn needed(times: f64) -> f64 {
        1.0 + GAIN * (times - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// Where it settles on a machine whose threads bring these rates.
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
