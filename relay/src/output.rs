//! What commands print. Output that cannot be written (a full disk, a reader that has gone) ends no node, and never
//! makes a payment that was sent look like one that was not: the standard library's macros would panic.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stderr, stdout};
use std::path::Path;
use std::sync::OnceLock;

/// Why something was not written to standard output.
static LOST: OnceLock<String> = OnceLock::new();

/// In place of the standard library's, in all modules of this crate.
macro_rules! println {
    ($($arg:tt)*) => { $crate::output::print(format_args!("{}\n", format_args!($($arg)*))) };
}

/// In place of the standard library's, in all modules of this crate.
macro_rules! eprintln {
    ($($arg:tt)*) => { $crate::output::tell(format_args!("{}\n", format_args!($($arg)*))) };
}

/// Writes to standard output; [`lost`] reports a failure.
pub fn print(text: Arguments<'_>) {
    let mut out = stdout().lock();
    if let Err(error) = out.write_fmt(text).and_then(|()| out.flush())
        // The reader has read enough.
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.to_string());
    }
}

/// Writes to standard error, as far as that can be written.
pub fn tell(text: Arguments<'_>) {
    let _ = stderr().write_fmt(text);
}

/// A path as it is typed in a command, for those that a message names.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\:._-+@%,=".contains(c);
    if !path.is_empty() && path.chars().all(plain) && (cfg!(windows) || !path.contains('\\')) {
        return path;
    }
    if cfg!(windows) { format!("\"{path}\"") } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// Why standard output is not whole, if so.
#[must_use]
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_says_to_type_can_be_typed() {
        for (path, typed) in [
            ("/var/lib/fedcoin", "/var/lib/fedcoin"),
            ("~/Löcher", "'~/Löcher'"),
            ("my chain/it's", r"'my chain/it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(Path::new(path)), typed);
        }
        let mut shell = std::process::Command::new("sh");
        let said = shell.args(["-c", &format!("printf %s {}", quoted(Path::new("a 'b\\\"")))]);
        assert_eq!(said.output().unwrap().stdout, b"a 'b\\\"");
    }
}
