use crate::failure::Failure;
use fedcoin_keyring::WordList;
use fedcoin_node::primitives::PrivateKey;
use std::sync::LazyLock;
use zeroize::Zeroizing;

/// The English word list of BIP-39.
static LIST: LazyLock<WordList<'static>> = LazyLock::new(|| {
    WordList::read(fedcoin_keyring::ENGLISH_WORDS).expect("the keyring's own list is a list of words")
});

/// A key as words.
pub(super) fn of(key: &PrivateKey) -> Zeroizing<String> {
    LIST.words(key)
}

/// The key in words.
///
/// # Errors
/// [`Failure::Usage`]: which word is wrong, as far as that can be told.
pub(super) fn read(text: &str) -> Result<PrivateKey, Failure> {
    LIST.private_key(text).map_err(|e| Failure::Usage(e.to_string()))
}
