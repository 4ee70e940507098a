use std::time::Duration;

/// The middle one; of an even number the higher of the two.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How many of so many in this time, a second.
pub(crate) fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(f64::EPSILON)
}

/// A line of the report.
pub(crate) fn line(figure: &str, value: impl core::fmt::Display) {
    println!("{figure:<58} {value}");
}

/// With its unit, as people read it.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
