//! Every text of the page in both languages, side by side.

/// A group of texts: a name, its text in English and in German. Values that a text holds stand in brackets behind its
/// name and in braces in the text. A language that lacks a text does not compile.
macro_rules! texts {
    (
        $(#[$doc:meta])* $group:ident
        $($(#[$note:meta])* $name:ident $(($($value:ident),+))?: $english:literal, $german:literal;)+
    ) => {
        $(#[$doc])*
        pub(crate) struct $group {
            $($(#[$note])* pub(crate) $name: text_type!($($($value)+)?),)+
        }

        impl $group {
            pub(super) const ENGLISH: Self = Self { $($name: text!($english $($(, $value)+)?),)+ };
            pub(super) const GERMAN: Self = Self { $($name: text!($german $($(, $value)+)?),)+ };
        }
    };
}

/// The type of a text with these values in it.
macro_rules! text_type {
    () => { &'static str };
    ($a:ident) => { fn(&str) -> String };
    ($a:ident $b:ident) => { fn(&str, &str) -> String };
    ($a:ident $b:ident $c:ident) => { fn(&str, &str, &str) -> String };
    ($a:ident $b:ident $c:ident $d:ident) => { fn(&str, &str, &str, &str) -> String };
}

/// A text with these values in it.
macro_rules! text {
    ($text:literal) => { $text };
    ($text:literal, $($value:ident),+) => { |$($value),+| format!($text) };
}

mod backup;
mod chain;
mod common;
mod failure;
mod fee;
mod header;
mod history;
mod input;
mod keys;
mod log;
mod mining;
mod node;
mod operation;
mod passphrase;
mod peers;
mod receive;
mod send;
mod transaction;
mod view;
mod wallet;

pub(crate) use input::InputTexts;
pub(crate) use log::LogTexts;
pub(crate) use transaction::TransactionTexts;

/// Every text of the page in one language.
pub(crate) struct Texts {
    pub(crate) common: common::CommonTexts,
    pub(crate) header: header::HeaderTexts,
    pub(crate) view: view::ViewTexts,
    pub(crate) node: node::NodeTexts,
    pub(crate) failure: failure::FailureTexts,
    pub(crate) operation: operation::OperationTexts,
    pub(crate) chain: chain::ChainTexts,
    pub(crate) transaction: transaction::TransactionTexts,
    pub(crate) peers: peers::PeerTexts,
    pub(crate) wallet: wallet::WalletTexts,
    pub(crate) keys: keys::KeysTexts,
    pub(crate) passphrase: passphrase::PassphraseTexts,
    pub(crate) backup: backup::BackupTexts,
    pub(crate) receive: receive::ReceiveTexts,
    pub(crate) send: send::SendTexts,
    pub(crate) fee: fee::FeeTexts,
    pub(crate) history: history::HistoryTexts,
    pub(crate) mining: mining::MiningTexts,
    pub(crate) log: log::LogTexts,
    pub(crate) input: input::InputTexts,
}

/// The page in English.
pub(super) static ENGLISH: Texts = Texts {
    common: common::CommonTexts::ENGLISH,
    header: header::HeaderTexts::ENGLISH,
    view: view::ViewTexts::ENGLISH,
    node: node::NodeTexts::ENGLISH,
    failure: failure::FailureTexts::ENGLISH,
    operation: operation::OperationTexts::ENGLISH,
    chain: chain::ChainTexts::ENGLISH,
    transaction: transaction::TransactionTexts::ENGLISH,
    peers: peers::PeerTexts::ENGLISH,
    wallet: wallet::WalletTexts::ENGLISH,
    keys: keys::KeysTexts::ENGLISH,
    passphrase: passphrase::PassphraseTexts::ENGLISH,
    backup: backup::BackupTexts::ENGLISH,
    receive: receive::ReceiveTexts::ENGLISH,
    send: send::SendTexts::ENGLISH,
    fee: fee::FeeTexts::ENGLISH,
    history: history::HistoryTexts::ENGLISH,
    mining: mining::MiningTexts::ENGLISH,
    log: log::LogTexts::ENGLISH,
    input: input::InputTexts::ENGLISH,
};

/// The page in German.
pub(super) static GERMAN: Texts = Texts {
    common: common::CommonTexts::GERMAN,
    header: header::HeaderTexts::GERMAN,
    view: view::ViewTexts::GERMAN,
    node: node::NodeTexts::GERMAN,
    failure: failure::FailureTexts::GERMAN,
    operation: operation::OperationTexts::GERMAN,
    chain: chain::ChainTexts::GERMAN,
    transaction: transaction::TransactionTexts::GERMAN,
    peers: peers::PeerTexts::GERMAN,
    wallet: wallet::WalletTexts::GERMAN,
    keys: keys::KeysTexts::GERMAN,
    passphrase: passphrase::PassphraseTexts::GERMAN,
    backup: backup::BackupTexts::GERMAN,
    receive: receive::ReceiveTexts::GERMAN,
    send: send::SendTexts::GERMAN,
    fee: fee::FeeTexts::GERMAN,
    history: history::HistoryTexts::GERMAN,
    mining: mining::MiningTexts::GERMAN,
    log: log::LogTexts::GERMAN,
    input: input::InputTexts::GERMAN,
};
