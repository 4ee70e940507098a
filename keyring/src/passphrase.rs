use core::fmt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Fewest characters of a new passphrase.
pub const MIN_PASSPHRASE: usize = 8;
/// Most characters of a passphrase.
pub const MAX_PASSPHRASE: usize = 500;

/// What a user types to open keys: the UTF-8 bytes as typed. Its memory is cleared when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passphrase(Zeroizing<String>);

/// A text is no passphrase for new keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Too easily guessed.
    #[error("a passphrase has at least {MIN_PASSPHRASE} characters; several words are easier to keep than signs")]
    TooShort,
    /// Too long to be meant.
    #[error("a passphrase has at most {MAX_PASSPHRASE} characters")]
    TooLong,
}

impl Passphrase {
    /// A passphrase that is to be chosen.
    ///
    /// # Errors
    /// [`PassphraseError`].
    pub fn choose(text: String) -> Result<Self, PassphraseError> {
        let this = Self::given(text);
        match this.0.chars().count() {
            0..MIN_PASSPHRASE => Err(PassphraseError::TooShort),
            MIN_PASSPHRASE..=MAX_PASSPHRASE => Ok(this),
            _ => Err(PassphraseError::TooLong),
        }
    }

    /// A passphrase that was chosen earlier, as the user types it now.
    #[must_use]
    pub fn given(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_endless_ones_are_refused() {
        for (length, expected) in [
            (0, Err(PassphraseError::TooShort)),
            (7, Err(PassphraseError::TooShort)),
            (8, Ok(())),
            (500, Ok(())),
            (501, Err(PassphraseError::TooLong)),
        ] {
            assert_eq!(Passphrase::choose("ä".repeat(length)).map(drop), expected, "{length}");
        }
        assert!(!format!("{:?}", Passphrase::given("open sesame".into())).contains("sesame"));
    }
}
