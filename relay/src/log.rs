//! Log lines on standard error.

use crate::failure::Failure;
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
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A line that cannot be written is lost; telling of that there would panic.
        .log_internal_errors(false);
    // A second start in one process keeps the first one's settings.
    let _ = match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// Keeps what strangers cause from filling the log: one line in `Seldom::EVERY` at most, which says how
/// many it stands for.
#[derive(Debug, Default)]
pub struct Seldom(Mutex<(Option<Instant>, u64)>);

impl Seldom {
    const EVERY: Duration = Duration::from_secs(10);

    /// What to add to the line about what has just happened, if it is time for one.
    pub fn due(&self) -> Option<String> {
        let silent = self.due_at(Instant::now())?;
        Some(if silent == 0 { String::new() } else { format!(" ({silent} times more since the last such line)") })
    }

    /// How many have not been told since the last, if it is time for another.
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
    fn lines_are_rare_and_count_the_others() {
        let (seldom, start) = (Seldom::default(), Instant::now());
        let told = [0, 1, 2, 10, 11].map(|s| seldom.due_at(start + Duration::from_secs(s)));
        assert_eq!(told, [Some(0), None, None, Some(2), None]);
    }
}
