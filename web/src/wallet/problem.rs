use crate::i18n::Language;
use crate::parts::input_check;
use fedcoin_keyring::{KeyringError, MAX_KEYS, MAX_PASSPHRASE, MIN_PASSPHRASE, PassphraseError, SealError, WordsError};
use fedcoin_node::mempool::PoolError;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::WalletError;
use node_wasm::messages::{SendProblem, WalletProblem};

/// Why an action in a dialog of the wallet failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    /// The node's reason.
    Node(WalletProblem),
    /// The passphrase is not acceptable.
    Passphrase(PassphraseError),
    /// The passphrase and its repetition differ.
    PassphraseDiffers,
    /// The key's name is not acceptable.
    KeyName,
    /// The text begins like a backup, but is not one.
    NotABackup,
    /// The file is too large for keys.
    LargeFile,
    /// The browser could not read a file.
    UnreadableFile,
    /// Words are not those of a key.
    Words(WordsError),
    /// The list of words did not come.
    NoWordList,
}

impl Problem {
    /// The reason in words.
    pub(crate) fn words(&self, language: Language) -> String {
        let texts = language.texts();
        match self {
            Self::Node(problem) => words(problem, language),
            Self::Passphrase(error) => passphrase_words(*error, language),
            Self::PassphraseDiffers => texts.passphrase.differs.into(),
            Self::KeyName => texts.keys.key_name_bad.into(),
            Self::NotABackup => texts.backup.not_a_backup.into(),
            Self::LargeFile => texts.keys.import_file_large.into(),
            Self::UnreadableFile => texts.keys.import_file_unreadable.into(),
            Self::Words(error) => recovery_words(error, language),
            Self::NoWordList => texts.recovery.no_list.into(),
        }
    }
}

fn recovery_words(error: &WordsError, language: Language) -> String {
    let texts = &language.texts().recovery;
    match error {
        WordsError::Count(n) => (texts.count)(&language.number(*n as u64)),
        WordsError::Unknown { place, word } => (texts.unknown)(&language.number(*place as u64), word),
        WordsError::Checksum => texts.checksum.into(),
        WordsError::NotAKey => texts.not_a_key.into(),
    }
}

/// Why the wallet was not changed.
pub(crate) fn words(problem: &WalletProblem, language: Language) -> String {
    let texts = language.texts();
    match problem {
        WalletProblem::Key(error) => input_check::key_words(error, &texts.input),
        WalletProblem::Ring(error) => ring_words(*error, language),
        WalletProblem::Storage(why) => (texts.keys.problem_storage)(why),
        WalletProblem::NotRunning => texts.common.not_running.into(),
    }
}

/// Why the keyring refused.
fn ring_words(error: KeyringError, language: Language) -> String {
    let texts = language.texts();
    match error {
        KeyringError::Unknown => texts.keys.problem_unknown.into(),
        KeyringError::Full => (texts.keys.problem_full)(&language.number(MAX_KEYS as u64)),
        KeyringError::Locked => texts.passphrase.needed.into(),
        KeyringError::Seal(SealError::WrongPassphrase) => texts.passphrase.wrong.into(),
        KeyringError::Seal(SealError::TooCostly) => texts.backup.too_costly.into(),
        KeyringError::Seal(SealError::OutOfMemory) => texts.safety.no_memory_for_passphrase.into(),
        KeyringError::Seal(SealError::Format | SealError::Content) => texts.backup.not_a_backup.into(),
    }
}

/// Why a passphrase is not acceptable.
fn passphrase_words(error: PassphraseError, language: Language) -> String {
    let texts = &language.texts().passphrase;
    match error {
        PassphraseError::TooShort => (texts.short)(&language.number(MIN_PASSPHRASE as u64)),
        PassphraseError::TooLong => (texts.long)(&language.number(MAX_PASSPHRASE as u64)),
    }
}

/// Why a payment was not sent.
pub(crate) fn send_words(problem: &SendProblem, language: Language) -> String {
    let texts = language.texts();
    match problem {
        SendProblem::NoKey => texts.send.no_key.into(),
        SendProblem::QuoteChanged => texts.send.quote_changed.into(),
        SendProblem::Wallet(error) => wallet_words(error, language),
        SendProblem::Refused(error) => (texts.send.refused)(&refusal_words(error, language)),
        SendProblem::Ring(error) => ring_words(*error, language),
        SendProblem::Unknown(_) => texts.safety.payment_unknown.into(),
        SendProblem::NotFound => texts.safety.payment_not_found.into(),
        SendProblem::NotRunning => texts.common.not_running.into(),
    }
}

fn wallet_words(error: &WalletError, language: Language) -> String {
    let texts = &language.texts().send;
    match error {
        WalletError::ZeroAmount => texts.amount_zero.into(),
        WalletError::NotEnough { needed, spendable } => {
            (texts.not_enough)(&language.amount(*needed), &language.amount(*spendable))
        }
        WalletError::TooManyCoins { needed, reach } => {
            (texts.too_many_coins)(&language.amount(*needed), &language.amount(*reach))
        }
        WalletError::NotWaiting => texts.not_waiting.into(),
        WalletError::Final => texts.sent_final.into(),
        WalletError::LowReplacement { now, least } => {
            (language.texts().fee.bump_low)(&language.amount(*least), &language.amount(*now))
        }
        WalletError::OutOfRange => (texts.out_of_range)(&language.amount(Amount::MAX)),
    }
}

/// Words for the refusals that users can encounter; the rule's own sentence for others.
fn refusal_words(error: &PoolError, language: Language) -> String {
    let texts = &language.texts().send;
    match error {
        PoolError::Conflict { .. } | PoolError::CoinTaken { .. } => texts.conflict.into(),
        PoolError::MissingInputs { .. } => texts.missing_inputs.into(),
        PoolError::TooManyAncestors { .. }
        | PoolError::AncestorsTooLarge { .. }
        | PoolError::TooManyDescendants { .. }
        | PoolError::DescendantsTooLarge { .. } => texts.too_many_ancestors.into(),
        PoolError::Full => texts.pool_full.into(),
        PoolError::ReplacementFee { min, .. }
        | PoolError::ReplacementRate { min, .. }
        | PoolError::FeeTooLow { min, .. }
        | PoolError::BelowRisingMinimum { min, .. } => (texts.fee_too_low)(&language.amount(*min)),
        _ => error.to_string(),
    }
}
