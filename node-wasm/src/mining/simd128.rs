//! The kernel for browsers with SIMD: a separate WebAssembly module that works in this one's memory.
//!
//! This module itself has no vector instructions, so every browser runs it. A browser without SIMD refuses the kernel,
//! and mines with the scalar one.

use fedcoin_node::pow::{FourSalts, Kernel, Rounds, Schedule};
use js_sys::{Object, Reflect, Uint8Array, WebAssembly};
use std::cell::OnceCell;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Written by the crate `fedcoin-kernel-simd128` at build time.
static MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/simd128.wasm"));

#[wasm_bindgen]
extern "C" {
    type Exports;

    #[wasm_bindgen(method)]
    fn first_promising(this: &Exports, salts: usize, schedules: usize, count: usize, nonce: u32, zeros: u32) -> usize;
}

thread_local! {
    static EXPORTS: OnceCell<Exports> = const { OnceCell::new() };
}

/// The kernel, if this browser supports SIMD.
pub(super) fn kernel() -> Option<Kernel> {
    EXPORTS.with(|exports| {
        if exports.get().is_none() {
            // Set only once, because it is empty.
            let _ = exports.set(instantiate().ok()?);
        }
        Some(Kernel::with_rounds::<Simd128>("simd128"))
    })
}

/// Compiles the module, which takes a few milliseconds. The content security policy allows it by `wasm-unsafe-eval`.
fn instantiate() -> Result<Exports, JsValue> {
    let module = WebAssembly::Module::new(&Uint8Array::from(MODULE))?;
    let miner = Object::new();
    Reflect::set(&miner, &"memory".into(), &wasm_bindgen::memory())?;
    let imports = Object::new();
    Reflect::set(&imports, &"miner".into(), &miner)?;
    Ok(WebAssembly::Instance::new(&module, &imports)?.exports().unchecked_into())
}

struct Simd128;

impl Rounds for Simd128 {
    fn first_promising(salts: &FourSalts, schedules: &[Schedule], nonce: u32, zeros: u32) -> usize {
        let (count, first) = (schedules.len(), schedules.as_ptr().expose_provenance());
        EXPORTS.with(|exports| match exports.get() {
            Some(exports) => {
                let salts = core::ptr::from_ref(salts).expose_provenance();
                exports.first_promising(salts, first, count, nonce, zeros)
            }
            // Unreachable: the kernel is returned only after the module is in place.
            None => count,
        })
    }
}
