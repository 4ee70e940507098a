//! The node worker's entry point. It lives in this package, so that page and workers are built
//! with the same features of the same crates, once.

#[cfg(target_arch = "wasm32")]
fn main() {
    node_wasm::reactor::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
