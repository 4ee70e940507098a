use core::fmt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Fewest characters of a new passphrase.
pub const MIN_PASSPHRASE: usize = 8;
/// Most characters of a passphrase.
pub const MAX_PASSPHRASE: usize = 500;

/// What a user types to open keys. One character may be written by several sequences of code points, and
/// keyboards differ: the normal form NFKC counts, as UTF-8. Earlier the text counted as typed, which is
/// tried second. Its memory is cleared when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passphrase {
    normal: Zeroizing<String>,
    /// As typed, where that differs.
    typed: Option<Zeroizing<String>>,
}

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
    /// A passphrase that is to be chosen; `nfkc` is its normal form.
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

    /// A passphrase that was chosen earlier, as the user types it now, and its normal form.
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
        assert!(!format!("{:?}", Passphrase::given("open sesame".into(), "open sesame".into())).contains("sesame"));
    }
}
