//! The worker's clocks.

use fedcoin_node::units::{Monotonic, Now, Timestamp};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Performance, WorkerGlobalScope};

/// The two clocks of a dedicated worker.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Absent nowhere in practice; the wall clock stands in.
    performance: Option<Performance>,
}

impl Clock {
    /// The clocks of the worker this runs in.
    #[must_use]
    pub fn new() -> Self {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        Self { performance: scope.performance() }
    }

    /// Both clocks, as the node wants them.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { wall: Timestamp(whole(js_sys::Date::now())), monotonic: Monotonic(whole(self.millis())) }
    }

    /// Milliseconds since the worker's start, with fractions; never goes back.
    #[must_use]
    pub fn millis(&self) -> f64 {
        self.performance.as_ref().map_or_else(js_sys::Date::now, Performance::now)
    }

    /// A reading of [`Clock::millis`] on the scale that all workers of the tab share.
    #[must_use]
    pub fn shared(&self, millis: f64) -> f64 {
        self.performance.as_ref().map_or(millis, |performance| performance.time_origin() + millis)
    }
}

impl Clock {
    /// Puts a piece of work into the browser's performance timeline, where its developer tools and
    /// the benchmarks find it: the last one of each name.
    pub fn measure(&self, name: &str, begun: f64) {
        let Some(performance) = &self.performance else { return };
        performance.clear_measures_with_measure_name(name);
        let options = Object::new();
        let set = |key: &str, value: f64| Reflect::set(&options, &key.into(), &value.into());
        let measure = Reflect::get(performance, &"measure".into()).map(Function::from);
        if let (Ok(_), Ok(_), Ok(measure)) = (set("start", begun), set("end", self.millis()), measure) {
            // A timeline that takes no entry is no reason to stop.
            let _ = measure.call2(performance, &name.into(), &options);
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// Milliseconds without their fraction.
fn whole(millis: f64) -> u64 {
    // Saturates at both ends; a clock is far from either.
    millis as u64
}
