use std::num::{NonZeroUsize, ParseIntError};

/// Most threads that a command may ask for: far more than any machine has cores. With tens of thousands the system has
/// none left for the rest of the program.
const MAX_THREADS: usize = 1_024;

/// A number of threads.
pub(super) fn parse(text: &str) -> Result<NonZeroUsize, String> {
    let threads: NonZeroUsize = text.parse().map_err(|error: ParseIntError| error.to_string())?;
    if threads.get() > MAX_THREADS {
        return Err(format!("at most {MAX_THREADS} threads"));
    }
    Ok(threads)
}
