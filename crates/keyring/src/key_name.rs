use core::{fmt, str::FromStr};
use serde::{Deserialize, Serialize};

/// Maximum number of characters in a name.
pub const MAX_NAME: usize = 40;

/// The user's name for a key. It may be empty, and is one line without control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyName(String);

/// A text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyNameError {
    /// Longer than [`MAX_NAME`].
    #[error("a key's name has at most {MAX_NAME} characters")]
    TooLong,
    /// It has line breaks or other control characters.
    #[error("a key's name is one line without control characters")]
    Control,
}

impl KeyName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.chars().count() > MAX_NAME {
            Err(KeyNameError::TooLong)
        } else if text.chars().any(char::is_control) {
            Err(KeyNameError::Control)
        } else {
            Ok(Self(text.into()))
        }
    }
}

impl TryFrom<String> for KeyName {
    type Error = KeyNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<KeyName> for String {
    fn from(name: KeyName) -> Self {
        name.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_short_line() {
        assert_eq!(" Savings ".parse::<KeyName>().unwrap().as_str(), "Savings");
        assert_eq!("ä".repeat(40).parse::<KeyName>().map(drop), Ok(()));
        for length in [41, 400] {
            assert_eq!("ä".repeat(length).parse::<KeyName>(), Err(KeyNameError::TooLong));
        }
        assert_eq!("a\nb".parse::<KeyName>(), Err(KeyNameError::Control));
    }
}
