//! Writes the SIMD kernel's module, which `src/mining/simd128.rs` includes.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&folder).join("simd128.wasm"), fedcoin_kernel_simd128::module())
}
