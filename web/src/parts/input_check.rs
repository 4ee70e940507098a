use crate::i18n::amount_text::{self, Reading};
use crate::i18n::{InputTexts, Language};
use fedcoin_node::primitives::{Address, AddressError, KeyError, RecipientError};
use fedcoin_node::units::{Amount, ParseAmountError};
use fedcoin_node::wallet::{PaymentUri, PaymentUriError};

/// Maximum length in characters of typed text in an error.
const SHOWN: usize = 40;

/// Parses a recipient as typed.
///
/// # Errors
/// The error for the user.
pub(crate) fn recipient(text: &str, language: Language) -> Result<Address, String> {
    PaymentUri::of_text(text).map(|request| request.recipient).map_err(|error| match error {
        PaymentUriError::Recipient(error) => recipient_words(&error, language),
        other => other.to_string(),
    })
}

fn recipient_words(error: &RecipientError, language: Language) -> String {
    let texts = &language.texts().input;
    match error {
        RecipientError::Key(error) => key_words(error, texts),
        RecipientError::Address(AddressError::Misspelt(got)) => (texts.address_misspelt)(&shown(got)),
        RecipientError::Address(AddressError::WrongPrefix { got }) => (texts.address_wrong_prefix)(&shown(got)),
        RecipientError::Address(AddressError::WrongLength { got }) => {
            (texts.address_wrong_length)(&language.number(*got as u64))
        }
    }
}

/// Parses an amount as typed.
///
/// # Errors
/// The error for the user.
pub(crate) fn amount(text: &str, language: Language) -> Result<Amount, String> {
    let texts = &language.texts().input;
    let Reading::Clear(meaning) = amount_text::read(text, language) else {
        return Err((texts.amount_ambiguous)(&shown(text.trim())));
    };
    meaning.parse::<Amount>().map_err(|error| match error {
        ParseAmountError::NotANumber(_) => (texts.amount_not_a_number)(&shown(text.trim())),
        ParseAmountError::TooPrecise(_) => (texts.amount_too_precise)(&shown(text.trim())),
        ParseAmountError::TooLarge(_) => (texts.amount_too_large)(&shown(text.trim()), &language.amount(Amount::MAX)),
    })
}

/// The two amounts that a typed text may mean, if it may mean two.
pub(crate) fn meanings(text: &str, language: Language) -> Option<[Amount; 2]> {
    match amount_text::read(text, language) {
        Reading::Clear(_) => None,
        Reading::Ambiguous { thousands, decimal } => Some([thousands.parse().ok()?, decimal.parse().ok()?]),
    }
}

/// The error of a key in words.
pub(crate) fn key_words(error: &KeyError, texts: &InputTexts) -> String {
    if let KeyError::OtherKind(kind) = error {
        return (texts.key_other_kind)(kind);
    }
    match error {
        KeyError::NotHex => texts.key_not_hex,
        KeyError::NotAPrivateKey | KeyError::DamagedPem | KeyError::OtherKind(_) => texts.key_not_private,
        KeyError::PublicInsteadOfPrivate => texts.key_public_instead_of_private,
        KeyError::Encrypted => texts.key_encrypted,
        KeyError::NotAPublicKey => texts.key_not_public,
        KeyError::PrivateInsteadOfPublic => texts.key_private_instead_of_public,
    }
    .into()
}

fn shown(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.into();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn each_bad_text_gets_its_error() {
        let address = Address([7; 20]);
        assert_eq!(recipient(&address.to_string(), Language::English), Ok(address));
        let errors = ["fed1x", "bc1qqqqqq", "3059zz"].map(|text| recipient(text, Language::English).unwrap_err());
        assert!(errors.iter().all(|error| !error.is_empty()));
        let errors = ["", "1.2.3", "0.000000001", "9999999999"].map(|text| amount(text, Language::German).unwrap_err());
        assert!(errors[2].contains("Nachkommastellen") && errors[3].contains("1.000.000.000"));
        assert_eq!(amount("0,5", Language::German), amount("0.5", Language::English));
        assert!(amount("1.500", Language::German).unwrap_err().contains("zweierlei"));
    }

    #[wasm_bindgen_test]
    fn long_texts_are_cut() {
        assert_eq!(shown(&"ä".repeat(50)).chars().count(), SHOWN + 1);
    }
}
