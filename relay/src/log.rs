//! Log lines on standard error.

use crate::failure::Failure;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts logging. `filter` is a level (`info`, `debug`, ...) or `tracing`'s filter syntax.
///
/// # Errors
/// [`Failure::Usage`] when the filter cannot be read.
pub fn start(filter: &str) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter).map_err(|e| {
        Failure::Usage(format!("--log {filter}: {e}; write a level: error, warn, info, debug or trace"))
    })?;
    // A second start in one process keeps the first one's settings.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
    Ok(())
}
