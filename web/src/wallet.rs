//! Keys, balances, payments.

pub(crate) mod history_list;
pub(crate) mod key_export;
pub(crate) mod key_import;
pub(crate) mod key_removal;
pub(crate) mod panel;
pub(crate) mod problem;
pub(crate) mod send_confirmation;
pub(crate) mod send_form;
pub(crate) mod sent_payments;
