//! The mining workers' entry point; see `node-worker.rs` for why it lives here.

#[cfg(target_arch = "wasm32")]
fn main() {
    node_wasm::mining::miner::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
