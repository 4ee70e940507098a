use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Warnings of what is dropped, one in [`Warnings::EVERY`] at most: nobody can fill the log by way
/// of the bus.
#[derive(Debug, Default)]
pub(super) struct Warnings(Mutex<(Option<Instant>, u64)>);

impl Warnings {
    const EVERY: Duration = Duration::from_secs(10);

    /// Tells of a problem, or counts it.
    pub(super) fn tell(&self, problem: impl Display) {
        if let Some(silent) = self.due(Instant::now()) {
            let others = if silent == 0 { String::new() } else { format!(" ({silent} other messages before)") };
            tracing::warn!("cluster: dropped a message: {problem}{others}");
        }
    }

    /// How many have not been told since the last, if it is time for another.
    fn due(&self, now: Instant) -> Option<u64> {
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
    fn warnings_are_rare_and_count_the_others() {
        let (warnings, start) = (Warnings::default(), Instant::now());
        let told = [0, 1, 2, 10, 11].map(|s| warnings.due(start + Duration::from_secs(s)));
        assert_eq!(told, [Some(0), None, None, Some(2), None]);
    }
}
