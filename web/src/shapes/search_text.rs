/// Words that may stand before a height, in the page's languages.
const BEFORE_A_HEIGHT: &[&str] = &["#", "block", "height", "höhe"];

/// What somebody typed or pasted into the search, in the form that the node looks for: a height, an id or an address or
/// the beginning of one, `BEGINNING…END`, or a payment request.
#[must_use]
pub fn tidy(typed: &str) -> String {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '„' | '“' | '”' | '‘' | '’' | '<' | '>');
    let seen: String = typed.chars().filter(|c| !is_invisible(*c)).collect();
    let text = seen.trim().trim_matches(is_quote).trim();
    match text.split_once("#/") {
        // The node reads payment requests.
        Some((_, place)) if place.starts_with("pay/") => return text.into(),
        Some((_, place)) => return tidy(place.rsplit('/').next().unwrap_or_default()),
        None => {}
    }
    let small = text.to_lowercase();
    if small == "genesis" {
        return "0".into();
    }
    let mut number = small.as_str();
    while let Some(rest) = BEFORE_A_HEIGHT.iter().find_map(|word| number.strip_prefix(word)) {
        number = rest.trim_start();
    }
    height(number).or_else(|| id(&small)).unwrap_or_else(|| text.into())
}

/// Joins a number's groups of three digits.
fn height(text: &str) -> Option<String> {
    let is_separator = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '\'' | '’');
    let mut groups = text.split(is_separator);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()) || !text.contains(is_separator))?;
    let all: Vec<&str> = [first].into_iter().chain(groups).collect();
    let is_group = |(n, group): (usize, &&str)| {
        !group.is_empty() && group.chars().all(|c| c.is_ascii_digit()) && (n == 0 || group.len() == 3)
    };
    all.iter().enumerate().all(is_group).then(|| all.concat())
}

/// Hex without spaces between its digits, without `0x`, and with one sign for what was left out.
fn id(text: &str) -> Option<String> {
    let text: String = text.replace("...", "…").chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.strip_prefix("0x").unwrap_or(&text);
    let is_part = |c: char| c.is_ascii_hexdigit() || c == '…';
    (text.len() >= 4 && text.chars().all(is_part)).then(|| text.into())
}

/// Signs that a copy of a page's text may bring along.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_found_as_people_write_them() {
        for (typed, wanted) in [
            (" 12 ", "12"),
            ("#12", "12"),
            ("Block 1.234", "1234"),
            ("block #12", "12"),
            ("block #", "block #"),
            ("Höhe 12", "12"),
            ("1,234,567", "1234567"),
            ("1\u{202f}234", "1234"),
            ("1,23", "1,23"),
            ("12345,678", "12345,678"),
            ("Genesis", "0"),
            ("", ""),
        ] {
            assert_eq!(tidy(typed), wanted, "{typed}");
        }
    }

    #[test]
    fn ids_are_found_as_pages_show_them() {
        for (typed, wanted) in [
            ("0000ABCDEF…\u{2060}6789", "0000abcdef…6789"),
            ("0000abcdef...6789", "0000abcdef…6789"),
            (" 0x00 00\nab ", "0000ab"),
            ("“00ff00ff”", "00ff00ff"),
            ("fed1qqqqxy…\u{2060}abcd", "fed1qqqqxy…abcd"),
            ("https://coin.example/x/#/blocks/block/00ff", "00ff"),
            ("#/overview/transaction/00FF00", "00ff00"),
            ("https://coin.example/#/pay/fed1abc?amount=2", "https://coin.example/#/pay/fed1abc?amount=2"),
            ("fedcoin:fed1abc?amount=2", "fedcoin:fed1abc?amount=2"),
            ("no such thing", "no such thing"),
        ] {
            assert_eq!(tidy(typed), wanted, "{typed}");
        }
    }
}
