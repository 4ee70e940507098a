use core::fmt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Minimum number of characters in a new passphrase.
pub const MIN_PASSPHRASE: usize = 8;
/// Maximum number of characters in a passphrase.
pub const MAX_PASSPHRASE: usize = 500;

/// The text that a user types to unlock keys. Several sequences of code points may make the same character, and
/// keyboards differ, so the normal form NFKC counts, as UTF-8. Older files used the text as typed, which is tried
/// second. Its memory is cleared when it is dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passphrase {
    normal: Zeroizing<String>,
    /// The text as typed, if that differs.
    typed: Option<Zeroizing<String>>,
}

/// A text is not acceptable as a new passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Too easily guessed.
    #[error(
        "a passphrase needs at least {MIN_PASSPHRASE} characters; several words are easier to remember than symbols"
    )]
    TooShort,
    /// Too long to be intended.
    #[error("a passphrase has at most {MAX_PASSPHRASE} characters")]
    TooLong,
}

impl Passphrase {
    /// A new passphrase. `nfkc` is its normal form.
    ///
    /// # Errors
    /// [`PassphraseError`].
    pub fn choose(nfkc: String) -> Result<Self, PassphraseError> {
        let this = Self { normal: Zeroizing::new(nfkc), typed: None };
        match this.normal.chars().count() {
            0..MIN_PASSPHRASE => Err(PassphraseError::TooShort),
            MIN_PASSPHRASE..=MAX_PASSPHRASE => Ok(this),
            _ => Err(PassphraseError::TooLong),
        }
    }

    /// A passphrase chosen earlier, as the user types it now, and its normal form.
    #[must_use]
    pub fn given(typed: String, nfkc: String) -> Self {
        let (normal, typed) = (Zeroizing::new(nfkc), Zeroizing::new(typed));
        let typed = (typed != normal).then_some(typed);
        Self { normal, typed }
    }

    /// The texts to try, in order.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &[u8]> {
        core::iter::once(&self.normal).chain(&self.typed).map(|text| text.as_bytes())
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
    fn too_short_and_too_long_passphrases_are_refused() {
        for (length, expected) in [
            (0, Err(PassphraseError::TooShort)),
            (7, Err(PassphraseError::TooShort)),
            (8, Ok(())),
            (500, Ok(())),
            (501, Err(PassphraseError::TooLong)),
            (5_000, Err(PassphraseError::TooLong)),
        ] {
            assert_eq!(Passphrase::choose("ä".repeat(length)).map(drop), expected, "{length}");
        }
        assert!(!format!("{:?}", Passphrase::given("open sesame".into(), "open sesame".into())).contains("sesame"));
    }
}
