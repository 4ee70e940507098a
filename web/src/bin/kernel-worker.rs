//! The mining workers' entry point. It is in this package so that page and miners build the same crates with the same
//! features, once.

#[cfg(target_arch = "wasm32")]
fn main() {
    node_wasm::mining::miner::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

/// For benchmarks: tries nonces of a header (88 bytes) with the salts from `first_salt` and the kernel of this name.
/// Returns the number of hashes and, if the target was met, salt and nonce; empty if there is no such kernel or header.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
#[must_use]
pub fn search(kernel: &str, header: &[u8], first_salt: u32, first_nonce: u32, nonces: u32) -> Vec<f64> {
    use fedcoin_node::pow::Task;
    use fedcoin_node::primitives::Header;
    let kernel = node_wasm::mining::kernels().into_iter().find(|known| known.name() == kernel);
    let header = header.try_into().ok().map(Header::from_bytes);
    let (Some(kernel), Some(header)) = (kernel, header) else { return Vec::new() };
    let Ok(target) = header.target.expand() else { return Vec::new() };
    let first = u64::from(first_nonce);
    let result = kernel.search(&Task::new(&header, target, first_salt), first..first + u64::from(nonces));
    let found = result.found.map(|found| [f64::from(found.salt), f64::from(found.nonce)]);
    core::iter::once(result.hashes as f64).chain(found.into_iter().flatten()).collect()
}
