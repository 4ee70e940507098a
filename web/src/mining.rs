//! Mining: consent, controls, workers.

pub(crate) mod controls;
pub(crate) mod panel;
pub(crate) mod sparkline;
pub(crate) mod worker_list;
