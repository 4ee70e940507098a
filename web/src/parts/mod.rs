//! Components that several views share.

pub(crate) mod amount_field;
pub(crate) mod clock;
pub(crate) mod copy_button;
pub(crate) mod dialog;
pub(crate) mod download;
pub(crate) mod figure;
pub(crate) mod focus;
pub(crate) mod input_check;
pub(crate) mod pace;
pub(crate) mod password_field;
pub(crate) mod progress_pace;
pub(crate) mod qr_code;
pub(crate) mod raw_words;
pub(crate) mod secret;
