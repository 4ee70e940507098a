//! The kernels that run in this browser, under the same checks as the native ones.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../../crates/pow/tests/kernel_checks/mod.rs"]
mod kernel_checks;

use node_wasm::mining::kernels;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn this_browser_has_simd() {
    let names: Vec<&str> = kernels().iter().map(|kernel| kernel.name()).collect();
    assert_eq!(names, ["scalar", "simd128"]);
    assert!(kernels().iter().all(fedcoin_node::pow::Kernel::is_sound));
}
