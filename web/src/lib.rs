//! The page: everything that a tab shows. The node itself runs in a worker; the page communicates with it only through
//! [`node_wasm::client::NodeClient`].
//!
//! `session` holds the node's state as signals; every other module is a part of the page. Texts of both languages are
//! in `i18n`, names for browser tests in [`ids`].
//!
//! On any target but wasm32 the crate has only [`shapes`].
// The documentation is that of the page.
#![cfg_attr(not(target_arch = "wasm32"), allow(rustdoc::broken_intra_doc_links))]
#![allow(unreachable_pub, reason = "the component macro makes the types of properties pub")]

#[cfg(target_arch = "wasm32")]
mod about;
#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod environment;
#[cfg(target_arch = "wasm32")]
mod explorer;
#[cfg(target_arch = "wasm32")]
mod header_bar;
#[cfg(target_arch = "wasm32")]
mod i18n;
#[cfg(target_arch = "wasm32")]
pub mod ids;
#[cfg(target_arch = "wasm32")]
mod mining;
#[cfg(target_arch = "wasm32")]
mod minute;
#[cfg(target_arch = "wasm32")]
mod network;
#[cfg(target_arch = "wasm32")]
mod news;
#[cfg(target_arch = "wasm32")]
mod overview;
#[cfg(target_arch = "wasm32")]
mod parts;
#[cfg(target_arch = "wasm32")]
mod prefs;
#[cfg(target_arch = "wasm32")]
mod route;
#[cfg(target_arch = "wasm32")]
mod service_worker;
#[cfg(target_arch = "wasm32")]
mod session;
pub mod shapes;
#[cfg(target_arch = "wasm32")]
mod signals;
#[cfg(target_arch = "wasm32")]
mod status;
#[cfg(target_arch = "wasm32")]
mod views;
#[cfg(target_arch = "wasm32")]
mod wallet;

/// Renders the page in `#app` and starts the node in a worker, or runs as that worker: both are this one program, which
/// detects where it runs.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    use wasm_bindgen::JsCast;

    console_error_panic_hook::set_once();
    if js_sys::global().is_instance_of::<web_sys::Window>() {
        app::mount();
    } else {
        node_wasm::reactor::start();
    }
}
