use std::num::{NonZeroUsize, ParseIntError};

/// Maximum threads of a command, more than machines have cores. With tens of thousands the system would have none left
/// for the rest of the program.
const MAX_THREADS: usize = 1_024;

/// A number of threads.
pub(super) fn parse(text: &str) -> Result<NonZeroUsize, String> {
    let threads: NonZeroUsize = text.parse().map_err(|error: ParseIntError| error.to_string())?;
    if threads.get() > MAX_THREADS {
        return Err(format!("at most {MAX_THREADS} threads"));
    }
    Ok(threads)
}
