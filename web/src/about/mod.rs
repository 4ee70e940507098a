//! What this is: the network's rules, the version, whom one trusts.

pub(crate) mod about_line;
pub(crate) mod rules_panel;
pub(crate) mod trust_panel;
