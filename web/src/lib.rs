//! The page: everything a tab shows. The node itself runs in a worker; the page asks it and shows
//! what it tells, by [`node_wasm::client::NodeClient`] alone.
//!
//! `session` holds what is known of the node as signals; every other module is a noun on the
//! page. Texts of both languages are in `i18n`, names for browser tests in [`ids`].
//!
//! The crate is empty on any target but wasm32.
#![cfg(target_arch = "wasm32")]
#![allow(unreachable_pub, reason = "the component macro makes the types of properties pub")]

use wasm_bindgen::JsCast;

mod app;
mod environment;
mod explorer;
mod header_bar;
mod i18n;
pub mod ids;
mod mining;
mod network;
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

/// Shows the page in `#app` and starts the node in a worker, or is that worker: both are this one program, which looks
/// where it runs.
pub fn start() {
    console_error_panic_hook::set_once();
    if js_sys::global().is_instance_of::<web_sys::Window>() {
        app::mount();
    } else {
        node_wasm::reactor::start();
    }
}
