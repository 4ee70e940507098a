//! Every text of the page in both languages, side by side. `docs/words.md` says how they are written.

/// A group of texts: a name, its text in English and in German. Values that a text holds stand in brackets behind its
/// name and in braces in the text. A text about a number of things has two forms with a bar between them: for one, and
/// for any other number. A language that lacks a text does not compile.
macro_rules! texts {
    (
        $(#[$doc:meta])* $group:ident
        $(
            $(#[$note:meta])* $name:ident $(($($value:ident),+))?:
            $english:literal $(| $english_other:literal)?, $german:literal $(| $german_other:literal)?;
        )+
    ) => {
        $(#[$doc])*
        pub(crate) struct $group {
            $($(#[$note])* pub(crate) $name: text_type!($($english_other)? $($($value)+)?),)+
        }

        impl $group {
            pub(super) const ENGLISH: Self =
                Self { $($name: text!($english $(| $english_other)? $($(, $value)+)?),)+ };
            pub(super) const GERMAN: Self =
                Self { $($name: text!($german $(| $german_other)? $($(, $value)+)?),)+ };
            /// Name, English, German.
            #[cfg(test)]
            pub(super) const WRITTEN: &[[&str; 3]] = &[$([
                stringify!($name),
                concat!($english $(, "|", $english_other)?),
                concat!($german $(, "|", $german_other)?),
            ],)+];
        }
    };
}

/// The type of a text with these values in it.
macro_rules! text_type {
    () => { &'static str };
    ($other:literal $n:ident) => { $crate::i18n::Plural };
    ($a:ident) => { fn(&str) -> String };
    ($a:ident $b:ident) => { fn(&str, &str) -> String };
    ($a:ident $b:ident $c:ident) => { fn(&str, &str, &str) -> String };
    ($a:ident $b:ident $c:ident $d:ident) => { fn(&str, &str, &str, &str) -> String };
}

/// A text with these values in it.
macro_rules! text {
    ($text:literal) => { $text };
    ($one:literal | $other:literal, $n:ident) => {
        $crate::i18n::Plural { one: $one, other: |$n| format!($other) }
    };
    ($text:literal, $($value:ident),+) => { |$($value),+| format!($text) };
}

/// All groups of texts.
macro_rules! groups {
    ($($name:ident $group:ident)+) => {
        $(mod $name;)+

        /// Every text of the page in one language.
        pub(crate) struct Texts {
            $(pub(crate) $name: $name::$group,)+
        }

        /// The page in English.
        pub(super) static ENGLISH: Texts = Texts { $($name: $name::$group::ENGLISH,)+ };

        /// The page in German.
        pub(super) static GERMAN: Texts = Texts { $($name: $name::$group::GERMAN,)+ };

        #[cfg(test)]
        const WRITTEN: &[&[[&str; 3]]] = &[$($name::$group::WRITTEN,)+];
    };
}

groups! {
    common CommonTexts
    header HeaderTexts
    view ViewTexts
    node NodeTexts
    failure FailureTexts
    operation OperationTexts
    chain ChainTexts
    transaction TransactionTexts
    peers PeerTexts
    wallet WalletTexts
    keys KeysTexts
    passphrase PassphraseTexts
    backup BackupTexts
    receive ReceiveTexts
    send SendTexts
    fee FeeTexts
    history HistoryTexts
    mining MiningTexts
    log LogTexts
    input InputTexts
    reason ReasonTexts
    rule RuleTexts
    safety SafetyTexts
    payment_list PaymentListTexts
    wait WaitTexts
    contacts ContactsTexts
    recovery RecoveryTexts
    news NewsTexts
    about AboutTexts
    minute MinuteTexts
}

pub(crate) use input::InputTexts;
pub(crate) use log::LogTexts;
pub(crate) use reason::ReasonTexts;
pub(crate) use rule::RuleTexts;

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// The words in the last column of a table: each in backticks.
    fn unwanted(language: &str) -> Vec<&'static str> {
        let page = include_str!("../../../../docs/words.md");
        let rows = page.lines().filter(|line| line.starts_with(&format!("| {language} ")));
        rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect()
    }

    #[wasm_bindgen_test]
    fn no_text_has_a_word_that_the_glossary_excludes() {
        for (language, column) in [("en", 1), ("de", 2)] {
            let unwanted = unwanted(language);
            assert!(unwanted.len() > 10, "the page lists them");
            for text in WRITTEN.iter().copied().flatten() {
                let written = text[column].to_lowercase();
                let found = unwanted.iter().find(|word| written.contains(&word.to_lowercase()));
                assert_eq!(found, None, "{}: {written}", text[0]);
            }
        }
    }
}
