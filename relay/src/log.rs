//! Log lines on standard error.

use clap::ValueEnum;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracing_subscriber::EnvFilter;

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// The log filter cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--log {filter}: {problem}; write a level: error, warn, info, debug or trace")]
pub struct LogFilterError {
    /// The filter as it was typed.
    pub filter: String,
    /// What is wrong.
    pub problem: String,
}

/// Starts logging. `filter` is a level (`info`, `debug`, ...) or `tracing`'s filter syntax.
///
/// # Errors
/// [`LogFilterError`].
pub fn start(filter: &str, format: LogFormat) -> Result<(), LogFilterError> {
    // The library logs each reconnection; the cluster logs them itself.
    let quiet = format!("async_nats=off,{filter}");
    let filter =
        EnvFilter::try_new(quiet).map_err(|e| LogFilterError { filter: filter.to_owned(), problem: e.to_string() })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A line that cannot be written is lost; a report of it would panic.
        .log_internal_errors(false);
    // A second start in one process keeps the first one's settings.
    let _ = match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// Keeps strangers from filling the log: at most one line in `LogThrottle::EVERY`, which counts the lines left out.
#[derive(Debug, Default)]
pub struct LogThrottle(Mutex<(Option<Instant>, u64)>);

impl LogThrottle {
    const EVERY: Duration = Duration::from_secs(10);

    /// If a line is due, what to add to it: the number of lines left out since the last.
    pub fn due(&self) -> Option<String> {
        let skipped = self.due_at(Instant::now())?;
        Some(if skipped == 0 { String::new() } else { format!(" ({skipped} times more since the last such line)") })
    }

    /// How many lines were left out since the last, if another is due.
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
    fn throttled_lines_count_those_left_out() {
        let (throttle, start) = (LogThrottle::default(), Instant::now());
        let lines = [0, 1, 2, 10, 11].map(|s| throttle.due_at(start + Duration::from_secs(s)));
        assert_eq!(lines, [Some(0), None, None, Some(2), None]);
    }
}
