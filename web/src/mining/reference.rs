//! What the project's own machine achieved, to compare with: the figures of docs/benchmarks.md.

/// The machine and its browser.
pub(crate) const MACHINE: &str = "AMD EPYC (Zen 3), Chromium 156";
/// From the order to stop until one worker has stopped, half of the times, in milliseconds.
pub(crate) const PAUSE_P50_MS: f64 = 0.4;
/// The same, 99 of 100 times.
pub(crate) const PAUSE_P99_MS: f64 = 4.7;
/// Hashes per second of one thread of the native program there, with the processor's own SHA-256 instructions.
pub(crate) const NATIVE: f64 = 108.4e6;

/// Hashes per second of one worker there, with the kernel of this name.
pub(crate) fn hash_rate(kernel: &str) -> Option<f64> {
    match kernel {
        "scalar" => Some(6.44e6),
        "simd128" => Some(22.18e6),
        _ => None,
    }
}
