use super::Page;
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// A folder with the page's files, read anew for each request.
#[derive(Clone, Debug)]
pub struct Directory(pub PathBuf);

impl Page for Directory {
    fn file(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        let relative = Path::new(name);
        // Nothing outside the folder.
        let inside = relative.components().all(|c| matches!(c, Component::Normal(_)));
        inside.then(|| std::fs::read(self.0.join(relative)).ok())?.map(Cow::Owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("page")).unwrap();
        std::fs::write(dir.path().join("secret"), "s").unwrap();
        std::fs::write(dir.path().join("page/a.js"), "a").unwrap();
        let page = Directory(dir.path().join("page"));
        assert!(page.file("a.js").is_some());
        for name in ["../secret", "/etc/passwd", "./../secret", "a/../../secret", "absent"] {
            assert!(page.file(name).is_none(), "{name}");
        }
    }
}
