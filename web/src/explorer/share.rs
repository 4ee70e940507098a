use crate::i18n::Language;
use fedcoin_node::consensus::ChainParams;

/// The share of a block that these bytes or payments fill, whichever is larger.
pub(crate) fn share_of_block(bytes: u32, payments: u32, params: &ChainParams) -> f64 {
    let of_bytes = f64::from(bytes) / f64::from(params.max_block_bytes.max(1));
    of_bytes.max(f64::from(payments) / f64::from(params.max_block_payments.max(1))).min(1.0)
}

/// Such a share in words.
pub(crate) fn full_words(share: f64, language: Language) -> String {
    (language.texts().view.full)(&language.decimal(share * 100.0, 0))
}
