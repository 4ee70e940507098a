use super::Page;
use rust_embed::RustEmbed;
use std::borrow::Cow;

/// The page that was in `dist/` when this program was built.
#[derive(Clone, Copy, Debug, RustEmbed)]
#[folder = "../dist"]
struct Dist;

/// The page inside the program.
#[derive(Clone, Copy, Debug)]
pub struct Embedded;

impl Page for Embedded {
    fn file(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        Dist::get(name).map(|file| file.data)
    }
}
