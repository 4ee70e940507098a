//! Logging to standard error.

use clap::ValueEnum;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracing_subscriber::EnvFilter;

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object per line
    Json,
}

/// A log filter is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--log {filter}: {problem}; write a level: error, warn, info, debug or trace")]
pub struct LogFilterError {
    /// The filter as given.
    pub filter: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Starts logging. `filter` is a level (`info`, `debug`, ...) or `tracing`'s filter syntax.
///
/// # Errors
/// [`LogFilterError`].
pub fn start(filter: &str, format: LogFormat) -> Result<(), LogFilterError> {
    // The library logs every reconnection; the cluster has its own messages.
    let quiet = format!("async_nats=off,{filter}");
    let filter =
        EnvFilter::try_new(quiet).map_err(|e| LogFilterError { filter: filter.to_owned(), problem: e.to_string() })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Drop a line that cannot be written: reporting it would panic.
        .log_internal_errors(false);
    // A second start in one process keeps the settings of the first.
    let _ = match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// Throttles log lines that outsiders can trigger: at most one line per `LogThrottle::EVERY`, with the number of lines
/// skipped.
#[derive(Debug, Default)]
pub struct LogThrottle(Mutex<(Option<Instant>, u64)>);

impl LogThrottle {
    const EVERY: Duration = Duration::from_secs(10);

    /// If a line is due, the text to append to it: the number of lines skipped since the last.
    pub fn due(&self) -> Option<String> {
        let skipped = self.due_at(Instant::now())?;
        Some(if skipped == 0 { String::new() } else { format!(" ({skipped} more since the last such line)") })
    }

    /// The number of lines skipped since the last, if another is due.
    fn due_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.0.is_some_and(|last| now.saturating_duration_since(last) < Self::EVERY) {
            state.1 += 1;
            return None;
        }
        state.0 = Some(now);
        Some(std::mem::take(&mut state.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttled_lines_count_the_skipped_ones() {
        let (throttle, start) = (LogThrottle::default(), Instant::now());
        let lines = [0, 1, 2, 10, 11].map(|s| throttle.due_at(start + Duration::from_secs(s)));
        assert_eq!(lines, [Some(0), None, None, Some(2), None]);
    }
}
