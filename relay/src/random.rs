//! Secret randomness from the operating system.

/// The operating system provides no random numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system provides no random numbers: {0}")]
pub struct RandomError(String);

/// Fills a buffer with secret random bytes.
///
/// # Errors
/// [`RandomError`].
pub fn fill(buffer: &mut [u8]) -> Result<(), RandomError> {
    getrandom::fill(buffer).map_err(|e| RandomError(e.to_string()))
}

/// A secret random number.
///
/// # Errors
/// [`RandomError`].
pub fn number() -> Result<u64, RandomError> {
    let mut bytes = [0; 8];
    fill(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}
