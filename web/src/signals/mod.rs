//! Reactive values, compiled once for all types.

pub(crate) mod any_signal;
pub(crate) mod memo;
