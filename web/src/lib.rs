//! The page: everything a tab shows. The node itself runs in a worker; the page asks it and shows
//! what it tells, by [`node_wasm::client::NodeClient`] alone.
//!
//! `session` holds what is known of the node as signals; every other module is a noun on the
//! page. Texts of both languages are in `i18n`, names for browser tests in [`ids`].
//!
//! The crate is empty on any target but wasm32.
#![cfg(target_arch = "wasm32")]
#![allow(unreachable_pub, reason = "the component macro makes the types of properties pub")]

mod address_text;
mod app;
mod block_row;
mod block_search;
mod block_view;
mod chain_panel;
mod clock;
mod copy_button;
mod dialog;
mod environment;
mod event_log;
mod event_text;
mod failure_panel;
mod figure;
mod format;
mod header_bar;
mod history_list;
mod i18n;
pub mod ids;
mod input_check;
mod inspector;
mod key_export;
mod key_import;
mod key_removal;
mod log;
mod mempool_panel;
mod mining_controls;
mod mining_panel;
mod network;
mod node_panel;
mod notices;
mod payment_view;
mod peers_panel;
mod prefs;
mod send_confirmation;
mod send_form;
mod sent_payments;
mod session;
mod sparkline;
mod wallet_panel;
mod wallet_problem;
mod worker_list;

/// Shows the page in `#app` and starts the node.
pub fn start() {
    console_error_panic_hook::set_once();
    app::mount();
}
