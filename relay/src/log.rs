//! Log lines on standard error.

use crate::failure::Failure;
use clap::ValueEnum;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// Starts logging. `filter` is a level (`info`, `debug`, ...) or `tracing`'s filter syntax.
///
/// # Errors
/// [`Failure::Usage`] when the filter cannot be read.
pub fn start(filter: &str, format: LogFormat) -> Result<(), Failure> {
    // The library tells of each reconnection; the cluster says it in its own words.
    let quiet = format!("async_nats=off,{filter}");
    let filter = EnvFilter::try_new(quiet).map_err(|e| {
        Failure::Usage(format!("--log {filter}: {e}; write a level: error, warn, info, debug or trace"))
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first one's settings.
    let _ = match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}
