//! The worker's clocks.

use fedcoin_node::units::{Monotonic, Now, Timestamp};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Performance, WorkerGlobalScope};

/// The two clocks of a dedicated worker.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Every current browser has it; otherwise the wall clock is used.
    performance: Option<Performance>,
}

impl Clock {
    /// The clocks of the current worker.
    #[must_use]
    pub fn new() -> Self {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        Self { performance: scope.performance() }
    }

    /// Reads both clocks for the node.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { wall: Timestamp(whole(js_sys::Date::now())), monotonic: Monotonic(whole(self.millis())) }
    }

    /// Milliseconds since the worker's start, with fractions; monotonic.
    #[must_use]
    pub fn millis(&self) -> f64 {
        self.performance.as_ref().map_or_else(js_sys::Date::now, Performance::now)
    }

    /// Converts a reading of [`Clock::millis`] to the scale that all workers of the tab share.
    #[must_use]
    pub fn shared(&self, millis: f64) -> f64 {
        self.performance.as_ref().map_or(millis, |performance| performance.time_origin() + millis)
    }
}

impl Clock {
    /// Adds a piece of work to the browser's performance timeline, where developer tools and benchmarks find it; only
    /// the last entry of each name is kept.
    pub fn measure(&self, name: &str, started: f64) {
        let Some(performance) = &self.performance else { return };
        performance.clear_measures_with_measure_name(name);
        let options = Object::new();
        let set = |key: &str, value: f64| Reflect::set(&options, &key.into(), &value.into());
        let measure = Reflect::get(performance, &"measure".into()).map(Function::from);
        if let (Ok(_), Ok(_), Ok(measure)) = (set("start", started), set("end", self.millis()), measure) {
            // An error of the timeline is no reason to stop.
            let _ = measure.call2(performance, &name.into(), &options);
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// Milliseconds without the fraction.
fn whole(millis: f64) -> u64 {
    // The conversion saturates; clocks are far from both limits.
    millis as u64
}
