//! Amounts as people type them: in one country `1.500` is one and a half, in another fifteen hundred.

use super::Language;

/// What a typed amount means, in the form that the parser of amounts reads: with a point and without separators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// One thing; what is no number is left for the parser to refuse.
    Clear(String),
    /// The page's own separator of thousands stands where a decimal point could.
    Ambiguous {
        /// It separates thousands.
        thousands: String,
        /// It is the decimal point.
        decimal: String,
    },
}

/// Reads a text in a language.
pub(crate) fn read(text: &str, language: Language) -> Reading {
    let text = without_unit(text.trim());
    let is_separator = |c: char| matches!(c, '.' | ',' | '\'' | '’') || c.is_whitespace();
    let as_typed = || Reading::Clear(text.to_owned());
    if text.chars().any(|c| !c.is_ascii_digit() && !is_separator(c)) {
        return as_typed();
    }
    let parts: Vec<&str> = text.split(is_separator).collect();
    let separators: Vec<char> = text.chars().filter(|c| is_separator(*c)).collect();
    let Some((last, others)) = separators.split_last() else { return as_typed() };
    let alike = others.windows(2).all(|two| two[0] == two[1]);
    match others.first() {
        None if language.decimal_point().starts_with(*last) => Reading::Clear(decimal(&parts)),
        None if is_grouped(&parts) && matches!(last, '.' | ',') => {
            Reading::Ambiguous { thousands: parts.concat(), decimal: decimal(&parts) }
        }
        None if is_grouped(&parts) => Reading::Clear(parts.concat()),
        None if matches!(last, '.' | ',') => Reading::Clear(decimal(&parts)),
        Some(first) if alike && first == last && is_grouped(&parts) => Reading::Clear(parts.concat()),
        Some(first)
            if alike && first != last && is_grouped(&parts[..others.len() + 1]) && matches!(last, '.' | ',') =>
        {
            Reading::Clear(decimal(&parts))
        }
        _ => as_typed(),
    }
}

/// The text without the unit behind it, as the page shows amounts.
fn without_unit(text: &str) -> &str {
    let at = text.len().saturating_sub("FED".len());
    match text.get(at..) {
        Some(unit) if unit.eq_ignore_ascii_case("FED") => text[..at].trim_end(),
        _ => text,
    }
}

/// Whether digits stand in groups of three, but for the first, which does not begin with a zero.
fn is_grouped(parts: &[&str]) -> bool {
    parts.split_first().is_some_and(|(first, rest)| {
        (1..=3).contains(&first.len()) && !first.starts_with('0') && rest.iter().all(|part| part.len() == 3)
    })
}

/// The number whose decimals are the last part.
fn decimal(parts: &[&str]) -> String {
    match parts.split_last() {
        Some((decimals, whole)) => format!("{}.{decimals}", whole.concat()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, German};
    use fedcoin_node::units::Amount;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn clear(text: &str) -> Reading {
        Reading::Clear(text.into())
    }

    #[wasm_bindgen_test]
    fn a_separator_of_thousands_that_could_be_a_point_is_asked_about() {
        let both = Reading::Ambiguous { thousands: "1500".into(), decimal: "1.500".into() };
        assert_eq!(read("1.500", German), both);
        assert_eq!(read("1,500", English), both);
        assert_eq!(read(" 1.500 FED", German), both);
        assert_eq!(read("1,500", German), clear("1.500"), "its own decimal point");
        assert_eq!(read("1.500", English), clear("1.500"));
        assert!(matches!(read("999.999", German), Reading::Ambiguous { .. }));
    }

    #[wasm_bindgen_test]
    fn what_can_mean_one_thing_only_is_taken() {
        for (text, meaning) in [
            ("2", "2"),
            ("0,5", "0.5"),
            ("0.5", "0.5"),
            ("0.500", "0.500"),
            ("0,500", "0.500"),
            ("12.50", "12.50"),
            ("12,5", "12.5"),
            ("1234.567", "1234.567"),
            ("1.2345", "1.2345"),
            ("1.500,25", "1500.25"),
            ("1,500.25", "1500.25"),
            ("1.234.567", "1234567"),
            ("1,234,567", "1234567"),
            ("1.234.567,00000001", "1234567.00000001"),
            ("1 500", "1500"),
            ("1\u{202f}500,5", "1500.5"),
            ("1’500.5", "1500.5"),
            ("3fed", "3"),
            (",5", ".5"),
        ] {
            assert_eq!(read(text, German), clear(meaning), "{text}");
            assert_eq!(read(text, English), clear(meaning), "{text}");
        }
    }

    #[wasm_bindgen_test]
    fn what_is_no_number_stays_none() {
        for text in ["abc", "-1", "1e3", "1..5", "1.23.4", "1,2,3", "1.500.", "1.5,5.5", "12 34", "1.00,5", "01.500,5"]
        {
            for language in Language::ALL {
                let Reading::Clear(meaning) = read(text, language) else { panic!("{text} is asked about") };
                assert!(meaning.parse::<Amount>().is_err(), "{text} becomes {meaning}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn what_the_page_shows_and_writes_is_read_again() {
        for text in ["0", "7", "999", "1500", "1234.5", "1234567", "1500.001", "0.00000001", "1000000000"] {
            let amount: Amount = text.parse().unwrap();
            for language in Language::ALL {
                assert_eq!(read(&language.plain_amount(amount), language), clear(text));
                let (Reading::Clear(meaning) | Reading::Ambiguous { thousands: meaning, .. }) =
                    read(&language.amount(amount), language);
                assert_eq!(meaning, text, "in {language:?}");
            }
        }
    }
}
