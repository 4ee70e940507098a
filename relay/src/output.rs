//! What commands print. Output that cannot be written (a full disk, a reader that has gone) ends no node, and never
//! makes a payment that was sent look like one that was not: the standard library's macros would panic.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stderr, stdout};
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

/// Writes to standard output; what gets lost is told by [`lost`].
pub fn print(text: Arguments<'_>) {
    let mut out = stdout().lock();
    if let Err(error) = out.write_fmt(text).and_then(|()| out.flush())
        // Whoever read it has read enough.
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.to_string());
    }
}

/// Writes to standard error, as far as that can be written.
pub fn tell(text: Arguments<'_>) {
    let _ = stderr().write_fmt(text);
}

/// Why standard output is not whole, if so.
#[must_use]
pub fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}
