//! The page's entry point.

#[cfg(target_arch = "wasm32")]
fn main() {
    fedcoin_web::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
