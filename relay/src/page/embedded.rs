use super::{File, Page};
use axum::body::Bytes;
use rust_embed::RustEmbed;
use std::borrow::Cow;

/// The files of `dist/` when this program was built.
#[derive(Clone, Copy, Debug, RustEmbed)]
#[folder = "../dist"]
struct Dist;

/// The page inside the program, served without copying.
#[derive(Clone, Copy, Debug)]
pub struct Embedded;

impl Page for Embedded {
    fn file(&self, name: &str) -> Option<File> {
        let file = Dist::get(name)?;
        let bytes = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            // A debug build reads them from the folder.
            Cow::Owned(bytes) => bytes.into(),
        };
        Some(File { bytes, digest: file.metadata.sha256_hash() })
    }
}
