use crate::i18n::Language;
use crate::parts::input_check;
use fedcoin_keyring::{KeyringError, MAX_KEYS, MAX_PASSPHRASE, MIN_PASSPHRASE, PassphraseError, SealError};
use node_wasm::messages::WalletProblem;

/// Why what was asked for in a dialog of the wallet was not done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    /// The node says why.
    Node(WalletProblem),
    /// A passphrase cannot be chosen.
    Passphrase(PassphraseError),
    /// A passphrase and its repetition are not the same.
    PassphraseDiffers,
    /// A key cannot have this name.
    KeyName,
    /// A text that begins like a backup is none.
    NotABackup,
    /// A file is too large for keys.
    LargeFile,
    /// The browser did not read a file.
    UnreadableFile,
}

impl Problem {
    /// In words.
    pub(crate) fn words(&self, language: Language) -> String {
        let texts = language.texts();
        match self {
            Self::Node(problem) => words(problem, language),
            Self::Passphrase(error) => passphrase_words(*error, language),
            Self::PassphraseDiffers => texts.purse.passphrase_differs.into(),
            Self::KeyName => texts.purse.key_name_bad.into(),
            Self::NotABackup => texts.purse.not_a_backup.into(),
            Self::LargeFile => texts.wallet.import_file_large.into(),
            Self::UnreadableFile => texts.wallet.import_file_unreadable.into(),
        }
    }
}

/// Why the wallet was not changed.
pub(crate) fn words(problem: &WalletProblem, language: Language) -> String {
    let texts = language.texts();
    match problem {
        WalletProblem::Key(error) => input_check::key_words(error, &texts.input),
        WalletProblem::Ring(error) => ring_words(*error, language),
        WalletProblem::Storage(why) => (texts.wallet.problem_storage)(why),
        WalletProblem::NotRunning => texts.common.not_running.into(),
    }
}

/// Why the keys do not allow it.
pub(crate) fn ring_words(error: KeyringError, language: Language) -> String {
    let texts = language.texts();
    match error {
        KeyringError::Unknown => texts.wallet.problem_unknown.into(),
        KeyringError::Full => (texts.wallet.problem_full)(&language.number(MAX_KEYS as u64)),
        KeyringError::Locked => texts.purse.passphrase_needed.into(),
        KeyringError::Seal(SealError::WrongPassphrase) => texts.purse.passphrase_wrong.into(),
        KeyringError::Seal(SealError::TooCostly) => texts.purse.too_costly.into(),
        KeyringError::Seal(SealError::Format | SealError::Content) => texts.purse.not_a_backup.into(),
    }
}

/// Why a passphrase cannot be chosen.
fn passphrase_words(error: PassphraseError, language: Language) -> String {
    let texts = &language.texts().purse;
    match error {
        PassphraseError::TooShort => (texts.passphrase_short)(&language.number(MIN_PASSPHRASE as u64)),
        PassphraseError::TooLong => (texts.passphrase_long)(&language.number(MAX_PASSPHRASE as u64)),
    }
}
