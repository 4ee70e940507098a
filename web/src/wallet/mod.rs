//! Keys, balances, payments.

mod camera;
mod scanner;

pub(crate) mod address_book;
pub(crate) mod backup;
pub(crate) mod balances;
pub(crate) mod bump_dialog;
pub(crate) mod contacts;
pub(crate) mod csv;
pub(crate) mod fee_choice;
pub(crate) mod high_fee;
mod history_list;
pub(crate) mod key_choice;
pub(crate) mod key_export;
pub(crate) mod key_import;
pub(crate) mod key_removal;
pub(crate) mod lock_bar;
mod lost_payments;
pub(crate) mod new_key;
pub(crate) mod panel;
pub(crate) mod parts;
pub(crate) mod passphrase;
pub(crate) mod passphrase_dialog;
pub(crate) mod payment_line;
pub(crate) mod problem;
pub(crate) mod receive;
pub(crate) mod recovery_words;
pub(crate) mod relock;
pub(crate) mod scan_dialog;
pub(crate) mod send_confirmation;
pub(crate) mod send_form;
pub(crate) mod sent_payments;
pub(crate) mod undone_payments;
pub(crate) mod unsaved;
pub(crate) mod wait;
