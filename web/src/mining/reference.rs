//! Results of the project's own machine for comparison, from docs/benchmarks.md.

/// The machine and its browser.
pub(crate) const MACHINE: &str = "AMD EPYC (Zen 3), Chromium 156";
/// Median time from the assignment to stop until one worker has stopped, in milliseconds.
pub(crate) const PAUSE_P50_MS: f64 = 0.4;
/// 99th percentile of that time.
pub(crate) const PAUSE_P99_MS: f64 = 4.7;
/// Hashes per second of one thread of the native program on that machine, with SHA-NI.
pub(crate) const NATIVE: f64 = 108.4e6;

/// Hashes per second of one worker on that machine, with the kernel of this name.
pub(crate) fn hash_rate(kernel: &str) -> Option<f64> {
    match kernel {
        "scalar" => Some(6.44e6),
        "simd128" => Some(22.18e6),
        _ => None,
    }
}
