//! The choice of the network whose rules the node follows.

use crate::clock::wall;
use crate::small_file;
use fedcoin_node::consensus::{ChainParams, ParamsError};
use std::path::{Path, PathBuf};

/// A network's rules cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum NetworkError {
    /// There is no built-in network of that name.
    #[error("--network: {0}, and --chain FILE loads others")]
    Unknown(ParamsError),
    /// The file cannot be read.
    #[error("network file {path}: {error}")]
    Io { path: PathBuf, error: String },
    /// The file is not TOML, or lacks fields of a network.
    #[error("network file {path}: {problem}")]
    Form { path: PathBuf, problem: String },
    /// A value is out of range.
    #[error("network file {path}: {error}")]
    Value { path: PathBuf, error: ParamsError },
}

/// The rules of the network file if there is one, otherwise of the built-in network of that name.
///
/// # Errors
/// [`NetworkError`], one variant per reason.
pub fn choose(name: &str, file: Option<&Path>) -> Result<ChainParams, NetworkError> {
    match file {
        Some(path) => load(path),
        None => ChainParams::built_in(name).map_err(NetworkError::Unknown),
    }
}

fn load(path: &Path) -> Result<ChainParams, NetworkError> {
    let owned = || path.to_owned();
    let text = small_file::read_text(path).map_err(|e| NetworkError::Io { path: owned(), error: e.to_string() })?;
    let params: ChainParams =
        toml::from_str(&text).map_err(|e| NetworkError::Form { path: owned(), problem: in_one_line(&e, &text) })?;
    let checked = params.check().and_then(|()| params.check_time(wall()));
    checked.map_err(|error| NetworkError::Value { path: owned(), error })?;
    Ok(params)
}

/// The message with a line number in place of TOML's excerpt of the line, and with a word in place of Rust's types.
pub(crate) fn in_one_line(error: &toml::de::Error, text: &str) -> String {
    let plain = |message: String, kind| message.replace(kind, "expected a whole number");
    let message = ["expected u64", "expected u32"].into_iter().fold(error.message().replace('\n', " "), plain);
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_text(text: &str) -> Result<ChainParams, NetworkError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("net.toml");
        std::fs::write(&path, text).unwrap();
        choose("classroom", Some(&path))
    }

    #[test]
    fn a_written_file_is_read_back() {
        for name in ChainParams::BUILT_IN {
            let params = ChainParams::built_in(name).unwrap();
            assert_eq!(choose(name, None), Ok(params.clone()));
            assert_eq!(load_text(&toml::to_string(&params).unwrap()), Ok(params));
        }
    }

    #[test]
    fn the_example_in_the_documentation_is_valid() {
        let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/my-class.toml"));
        let params = choose("classroom", Some(example)).unwrap();
        assert_eq!(params.genesis.recipient, ChainParams::classroom().genesis.recipient);
    }

    #[test]
    fn each_bad_choice_gets_its_error() {
        assert!(matches!(choose("nonet", None), Err(NetworkError::Unknown(_))));
        assert!(matches!(choose("x", Some(Path::new("/no/such/file"))), Err(NetworkError::Io { .. })));
        let good = toml::to_string(&ChainParams::classroom()).unwrap();
        assert!(matches!(load_text("name = "), Err(NetworkError::Form { .. })));
        assert!(matches!(load_text("name = \"a\""), Err(NetworkError::Form { .. })));
        assert!(matches!(load_text(&format!("colour = 1\n{good}")), Err(NetworkError::Form { .. })));
        let slow = good.replace("spacing_ms = 10000", "spacing_ms = 0");
        assert!(matches!(load_text(&slow), Err(NetworkError::Value { .. })));
    }
}
