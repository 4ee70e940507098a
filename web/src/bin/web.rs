//! The entry point of page and node worker, which are one program.

#[cfg(target_arch = "wasm32")]
fn main() {
    fedcoin_web::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
