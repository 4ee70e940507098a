//! The page: everything that a tab shows. The node itself runs in a worker; the page communicates with it only through
//! [`node_wasm::client::NodeClient`].
//!
//! `session` holds the node's state as signals; every other module is a part of the page. Texts of both languages are
//! in `i18n`, names for browser tests in [`ids`].
//!
//! The crate is empty on any target but wasm32.
#![cfg(target_arch = "wasm32")]
#![allow(unreachable_pub, reason = "the component macro makes the types of properties pub")]

use wasm_bindgen::JsCast;

mod about;
mod app;
mod environment;
mod explorer;
mod header_bar;
mod i18n;
pub mod ids;
mod mining;
mod minute;
mod network;
mod news;
mod overview;
mod parts;
mod prefs;
mod route;
mod service_worker;
mod session;
mod signals;
mod status;
mod views;
mod wallet;

/// Renders the page in `#app` and starts the node in a worker, or runs as that worker: both are this one program, which
/// detects where it runs.
pub fn start() {
    console_error_panic_hook::set_once();
    if js_sys::global().is_instance_of::<web_sys::Window>() {
        app::mount();
    } else {
        node_wasm::reactor::start();
    }
}
