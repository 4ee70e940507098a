//! Logging to standard error.

use clap::ValueEnum;
use core::str::FromStr;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object per line
    Json,
}

/// A level (`info`, `debug`, ...), or `tracing`'s filter syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter(String);

/// A text is not a log filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a level: error, warn, info, debug or trace")]
pub struct LogFilterError;

impl FromStr for LogFilter {
    type Err = LogFilterError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // `tracing` takes an unknown level for the name of a module, and logs nothing else.
        let is_level = |part: &str| !part.is_empty() && part.parse::<LevelFilter>().is_ok();
        let is_directive = |part: &str| part.contains(['=', '[', ']']) || is_level(part.trim());
        if !text.split(',').all(is_directive) || EnvFilter::try_new(text).is_err() {
            return Err(LogFilterError);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Starts logging.
pub fn start(filter: &LogFilter, format: LogFormat) {
    // The library logs every reconnection; the cluster has its own messages.
    let filter = format!("async_nats=off,{}", filter.0);
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        // Drop a line that cannot be written: reporting it would panic.
        .log_internal_errors(false);
    // A second start in one process keeps the settings of the first.
    let _ = match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
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
    fn only_levels_and_directives_are_filters() {
        for text in ["info", "WARN", "off", "warn,fedcoin_relay=debug", "[span]=trace"] {
            assert_eq!(text.parse(), Ok(LogFilter(text.to_owned())));
        }
        for text in ["", "loud", "warning", "info,", "info debug", "loud=very=much", "fedcoin_relay"] {
            assert_eq!(text.parse::<LogFilter>(), Err(LogFilterError), "{text}");
        }
    }

    #[test]
    fn throttled_lines_count_the_skipped_ones() {
        let (throttle, start) = (LogThrottle::default(), Instant::now());
        let lines = [0, 1, 2, 10, 11].map(|s| throttle.due_at(start + Duration::from_secs(s)));
        assert_eq!(lines, [Some(0), None, None, Some(2), None]);
    }
}
