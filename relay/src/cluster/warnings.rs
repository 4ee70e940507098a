use crate::log::Seldom;
use std::fmt::Display;

/// Warnings of what is dropped: nobody can fill the log by way of the bus.
#[derive(Debug, Default)]
pub(super) struct Warnings(Seldom);

impl Warnings {
    /// Tells of a problem, or counts it.
    pub(super) fn tell(&self, problem: impl Display) {
        if let Some(others) = self.0.due() {
            tracing::warn!("cluster: dropped a message: {problem}{others}");
        }
    }
}
