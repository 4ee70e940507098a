use std::time::Duration;

/// The median; of an even number, the higher middle one.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The rate per second.
pub(crate) fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(f64::EPSILON)
}

/// A line of the report.
pub(crate) fn line(figure: &str, value: impl core::fmt::Display) {
    println!("{figure:<58} {value}");
}

/// Formats a value with its unit.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
