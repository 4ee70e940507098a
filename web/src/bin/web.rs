//! The page's entry point.

fn main() {
    fedcoin_web::start();
}
