//! The page's languages: texts, numbers, amounts and times as people there write them.

pub(crate) mod amount_text;
mod reasons;
mod short;
mod texts;

use crate::prefs;
use crate::signals::any_signal::AnySignal;
use fedcoin_node::units::{Amount, Timestamp};
use leptos::prelude::*;
pub(crate) use short::{ends, short};
pub(crate) use texts::{InputTexts, LogTexts, Texts};

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    English,
    /// German.
    German,
}

/// The language in use; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct I18n {
    language: AnySignal<Language>,
}

/// A text about a number of things.
#[derive(Clone, Copy)]
pub(crate) struct Plural {
    /// For one of them.
    one: &'static str,
    /// For any other number, which it is given in digits.
    other: fn(&str) -> String,
}

/// Where the choice is remembered.
const REMEMBERED: &str = "fedcoin-language";

impl Language {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its code for `lang` attributes.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its own name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The texts.
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::English => &texts::ENGLISH,
            Self::German => &texts::GERMAN,
        }
    }

    /// The language of a code such as `de-AT`, if the page has it.
    fn of(code: &str) -> Option<Self> {
        let code = code.get(..2)?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The form of a text for `n` things.
    pub(crate) fn plural(self, text: Plural, n: u64) -> String {
        if n == 1 { text.one.into() } else { (text.other)(&self.number(n)) }
    }

    /// So many minutes in words.
    pub(crate) fn minutes(self, minutes: u64) -> String {
        let texts = &self.texts().operation;
        if minutes == 0 { texts.less_than_a_minute.into() } else { self.plural(texts.minutes, minutes) }
    }

    /// A whole number with its thousands apart.
    pub(crate) fn number(self, n: u64) -> String {
        let separator = match self {
            Self::English => ',',
            Self::German => '.',
        };
        let digits = n.to_string();
        let mut grouped = String::with_capacity(digits.len() * 4 / 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// An amount without its unit, all decimals that are not zero.
    pub(crate) fn amount(self, amount: Amount) -> String {
        let whole = self.number(amount.units() / Amount::UNITS_PER_FED);
        let text = amount.to_string();
        match text.split_once('.') {
            Some((_, decimals)) => format!("{whole}{}{decimals}", self.decimal_point()),
            None => whole,
        }
    }

    /// An amount with three significant digits.
    pub(crate) fn rounded_amount(self, amount: Amount) -> String {
        let digits = amount.units().checked_ilog10().unwrap_or(0);
        let step = 10_u64.pow(digits.saturating_sub(2));
        self.amount(Amount::from_units(amount.units() / step * step).unwrap_or(amount))
    }

    /// An amount as people type it: without separators of thousands.
    pub(crate) fn plain_amount(self, amount: Amount) -> String {
        amount.to_string().replace('.', self.decimal_point())
    }

    /// A number with this many decimals.
    pub(crate) fn decimal(self, n: f64, decimals: usize) -> String {
        format!("{n:.decimals$}").replace('.', self.decimal_point())
    }

    /// How long ago a time was, roughly.
    pub(crate) fn age(self, time: Timestamp, now: Timestamp) -> String {
        let texts = &self.texts().common;
        let seconds = now.0.saturating_sub(time.0) / 1000;
        let (text, n) = match seconds {
            0..2 => return texts.just_now.into(),
            2..60 => (texts.seconds_ago, seconds),
            60..3600 => (texts.minutes_ago, seconds / 60),
            3600..86_400 => (texts.hours_ago, seconds / 3600),
            _ => return self.plural(texts.days_ago, seconds / 86_400),
        };
        text(&self.number(n))
    }

    /// Hashes per second.
    pub(crate) fn hash_rate(self, rate: f64) -> String {
        // A sum of no rates at all is minus zero.
        let (value, unit) = scaled(rate.abs());
        format!("{}\u{a0}{unit}H/s", self.decimal(value, if unit.is_empty() { 0 } else { 2 }))
    }

    /// A large count, rounded.
    pub(crate) fn rounded(self, n: f64) -> String {
        if n < 10_000.0 {
            return self.decimal(n, 0);
        }
        let (value, unit) = scaled(n);
        format!("{}\u{a0}{unit}", self.decimal(value, 1))
    }

    /// A time in seconds, in the unit that suits it.
    pub(crate) fn duration(self, seconds: f64) -> String {
        match seconds {
            _ if seconds < 10.0 => format!("{}\u{a0}s", self.decimal(seconds, 1)),
            _ if seconds < 120.0 => format!("{}\u{a0}s", self.decimal(seconds, 0)),
            _ if seconds < 7_200.0 => format!("{}\u{a0}min", self.decimal(seconds / 60.0, 0)),
            _ if seconds < 172_800.0 => format!("{}\u{a0}h", self.decimal(seconds / 3_600.0, 0)),
            _ => format!("{}\u{a0}d", self.decimal(seconds / 86_400.0, 0)),
        }
    }

    /// A size.
    pub(crate) fn bytes(self, bytes: u64) -> String {
        match bytes {
            0..1000 => format!("{bytes}\u{a0}B"),
            1000..1_000_000 => format!("{}\u{a0}kB", self.decimal(bytes as f64 / 1e3, 1)),
            _ => format!("{}\u{a0}MB", self.decimal(bytes as f64 / 1e6, 1)),
        }
    }

    /// How many payments.
    pub(crate) fn payments(self, n: u32) -> String {
        let texts = &self.texts().chain;
        if n == 0 { texts.payments_none.into() } else { self.plural(texts.payments_some, n.into()) }
    }

    const fn decimal_point(self) -> &'static str {
        match self {
            Self::English => ".",
            Self::German => ",",
        }
    }
}

/// A number below 1,000 and the prefix that makes up for it.
fn scaled(n: f64) -> (f64, &'static str) {
    match n {
        _ if n >= 1e12 => (n / 1e12, "T"),
        _ if n >= 1e9 => (n / 1e9, "G"),
        _ if n >= 1e6 => (n / 1e6, "M"),
        _ if n >= 1e3 => (n / 1e3, "k"),
        _ => (n, ""),
    }
}

impl I18n {
    /// Chooses the remembered language, else the browser's, else English, and follows changes
    /// with the document's `lang`.
    pub(crate) fn provide() -> Self {
        let remembered = prefs::lasting(REMEMBERED).and_then(|code| Language::of(&code));
        let browser = || window().navigator().language().and_then(|code| Language::of(&code));
        let language = AnySignal::new(remembered.or_else(browser).unwrap_or(Language::English));
        Effect::new(move |_| {
            if let Some(root) = document().document_element() {
                // Fails only for attribute names that no element can have.
                let _ = root.set_attribute("lang", language.get().code());
            }
        });
        let i18n = Self { language };
        provide_context(i18n);
        i18n
    }

    /// The language; the caller follows its changes.
    pub(crate) fn language(self) -> Language {
        self.language.get()
    }

    /// The language now.
    pub(crate) fn language_now(self) -> Language {
        self.language.get_untracked()
    }

    /// The texts; the caller follows a change of the language.
    pub(crate) fn texts(self) -> &'static Texts {
        self.language().texts()
    }

    /// One of the texts, for a view to show: it follows a change of the language.
    ///
    /// What this returns is of one type for all texts, so that the code that draws a text is compiled once.
    pub(crate) fn text(self, choose: fn(&Texts) -> &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync {
        move || choose(self.texts())
    }

    /// Changes the language and remembers it.
    pub(crate) fn choose(self, language: Language) {
        prefs::set_lasting(REMEMBERED, language.code());
        self.language.set(language);
    }
}

/// The page's language.
pub(crate) fn use_i18n() -> I18n {
    expect_context()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn numbers_follow_the_language() {
        assert_eq!(Language::English.number(1_234_567), "1,234,567");
        assert_eq!(Language::German.number(1_234), "1.234");
        assert_eq!(Language::German.number(999), "999");
        let amount: Amount = "1234.5".parse().unwrap();
        assert_eq!(Language::English.amount(amount), "1,234.5");
        assert_eq!(Language::German.amount(amount), "1.234,5");
        let amount: Amount = "0.00123456".parse().unwrap();
        assert_eq!(Language::English.rounded_amount(amount), "0.00123");
        assert_eq!(Language::English.rounded_amount(Amount::ZERO), "0");
        assert_eq!(Language::English.hash_rate(15_400_000.0), "15.40\u{a0}MH/s");
        assert_eq!(Language::English.hash_rate(-0.0), "0\u{a0}H/s");
        assert_eq!(Language::German.bytes(1_500), "1,5\u{a0}kB");
    }

    #[wasm_bindgen_test]
    fn languages_are_found_by_their_code() {
        assert_eq!(Language::of("de-AT"), Some(Language::German));
        assert_eq!(Language::of("EN"), Some(Language::English));
        assert_eq!(Language::of("fr"), None);
        assert_eq!(Language::of("ä"), None);
    }

    #[wasm_bindgen_test]
    fn ages_are_rough() {
        let age = |ms| Language::English.age(Timestamp(0), Timestamp(ms));
        assert_eq!([age(0), age(59_000), age(61_000)], ["just now", "59\u{a0}s ago", "1\u{a0}min ago"]);
        assert_eq!(Language::German.age(Timestamp(5), Timestamp(0)), "gerade eben");
        let days = |n: u64| Language::German.age(Timestamp(0), Timestamp(n * 86_400_000));
        assert_eq!([days(1), days(2)], ["vor 1\u{a0}Tag", "vor 2\u{a0}Tagen"]);
    }

    #[wasm_bindgen_test]
    fn one_thing_is_not_many() {
        let payments = |language: Language| [0, 1, 2, 1_000].map(|n| language.payments(n));
        assert_eq!(payments(Language::English), ["no payments", "1 payment", "2 payments", "1,000 payments"]);
        assert_eq!(payments(Language::German), ["keine Zahlungen", "1 Zahlung", "2 Zahlungen", "1.000 Zahlungen"]);
        let minutes = |n| Language::English.minutes(n);
        assert_eq!([minutes(0), minutes(1), minutes(2)], ["less than a minute", "1 minute", "2 minutes"]);
        let restarts = Language::German.texts().mining.restarts;
        assert_eq!(Language::German.plural(restarts, 1), "einmal neu gestartet");
    }
}
