//! The first minute: three steps from an empty tab to a payment, and what to do in a second tab.

pub(crate) mod first_steps;
pub(crate) mod other_tabs;
pub(crate) mod progress;
