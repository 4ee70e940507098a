//! Output of commands. Output that cannot be written (a full disk, a closed pipe) must not end a node, or make a sent
//! payment look like a failed one. The standard library's macros would panic.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stderr, stdout};
use std::path::Path;
use std::sync::OnceLock;

/// The first error of writing to standard output.
static LOST: OnceLock<String> = OnceLock::new();

/// Replaces the standard library's macro in all modules of this crate.
macro_rules! println {
    ($($arg:tt)*) => { $crate::output::print(format_args!("{}\n", format_args!($($arg)*))) };
}

/// Replaces the standard library's macro in all modules of this crate.
macro_rules! eprintln {
    ($($arg:tt)*) => { $crate::output::tell(format_args!("{}\n", format_args!($($arg)*))) };
}

/// Writes to standard output; [`lost`] reports a failure.
pub fn print(text: Arguments<'_>) {
    let mut out = stdout().lock();
    if let Err(error) = out.write_fmt(text).and_then(|()| out.flush())
        // The reader has closed the pipe: it has enough.
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.to_string());
    }
}

/// Writes to standard error; failures are ignored.
pub fn tell(text: Arguments<'_>) {
    let _ = stderr().write_fmt(text);
}

/// A path as it can be typed in a shell, for commands in messages.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\:._-+@%,=".contains(c);
    if !path.is_empty() && path.chars().all(plain) && (cfg!(windows) || !path.contains('\\')) {
        return path;
    }
    if cfg!(windows) { format!("\"{path}\"") } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// Why standard output is incomplete, if it is.
#[must_use]
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn commands_in_messages_can_be_typed() {
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
