//! Mining: consent, controls, workers.

pub(crate) mod circumstances;
pub(crate) mod controls;
pub(crate) mod empty_blocks;
pub(crate) mod measurement_view;
pub(crate) mod panel;
pub(crate) mod reference;
pub(crate) mod rules;
pub(crate) mod sparkline;
pub(crate) mod worker_list;
