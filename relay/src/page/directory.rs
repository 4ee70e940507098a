use super::{CODINGS, File, Page};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// A folder with the page's files. A changed file is read again at the next request.
///
/// Bound: the folder's files, each once.
#[derive(Debug)]
pub struct Directory {
    folder: PathBuf,
    read: Mutex<HashMap<PathBuf, (Version, File)>>,
}

/// Modification time and size.
type Version = (SystemTime, u64);

impl Directory {
    /// The page in this folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), read: Mutex::default() }
    }
}

impl Page for Directory {
    fn file(&self, name: &str) -> Option<File> {
        let relative = Path::new(name);
        // Serve nothing outside the folder.
        if !relative.components().all(|c| matches!(c, Component::Normal(_))) {
            return None;
        }
        let path = self.folder.join(relative);
        let version = version(&path)?;
        // A compressed form older than its file is out of date.
        let original = CODINGS.iter().find_map(|(_, ending)| name.strip_suffix(ending));
        if original.is_some_and(|name| self::version(&self.folder.join(name)).is_none_or(|newer| newer.0 > version.0)) {
            return None;
        }
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, file)) = read.get(&path).filter(|(known, _)| *known == version) {
            return Some(file.clone());
        }
        let file = File::new(std::fs::read(&path).ok()?);
        read.insert(path, (version, file.clone()));
        Some(file)
    }
}

fn version(path: &Path) -> Option<Version> {
    let found = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    Some((found.modified().ok()?, found.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("page")).unwrap();
        fs::write(dir.path().join("secret"), "s").unwrap();
        fs::write(dir.path().join("page/a.js"), "a").unwrap();
        let page = Directory::new(&dir.path().join("page"));
        assert!(page.file("a.js").is_some());
        for name in ["../secret", "/etc/passwd", "./../secret", "a/../../secret", "absent", "", "."] {
            assert!(page.file(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_file_is_read_again_only_after_a_change() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        write("a.js", "one");
        write("a.js.br", "1");
        let page = Directory::new(dir.path());
        let (first, second) = (page.file("a.js").unwrap(), page.file("a.js").unwrap());
        assert_eq!(first.bytes.as_ptr(), second.bytes.as_ptr(), "not copied");
        assert!(page.file("a.js.br").is_some());
        let later = SystemTime::now() + std::time::Duration::from_secs(9);
        write("a.js", "two, longer");
        fs::File::options().write(true).open(dir.path().join("a.js")).unwrap().set_modified(later).unwrap();
        assert_eq!(page.file("a.js").unwrap().bytes, "two, longer");
        assert!(page.file("a.js.br").is_none(), "compressed before the change");
    }
}
