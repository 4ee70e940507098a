//! The node: its state, its peers, its events.

pub(crate) mod event_log;
pub(crate) mod event_text;
pub(crate) mod failure_panel;
pub(crate) mod node_panel;
pub(crate) mod notices;
pub(crate) mod peers_panel;
mod relay_notice;
pub(crate) mod reorganisations;
