/// The beginning and the end of an id or an address, which tell most of them apart; no line breaks in it.
pub(crate) fn short(text: &str) -> String {
    ends(text, 10, 4)
}

/// The first and the last characters of an ASCII text.
pub(crate) fn ends(text: &str, first: usize, last: usize) -> String {
    match (text.get(..first), text.len().checked_sub(last).and_then(|at| text.get(at..))) {
        (Some(head), Some(tail)) if text.len() > first + last + 1 => format!("{head}…\u{2060}{tail}"),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn ends_of_long_texts() {
        assert_eq!(short("0000abcdef0123456789"), "0000abcdef…\u{2060}6789");
        assert_eq!(short("0000abcdef6789"), "0000abcdef6789");
        assert_eq!(short(""), "");
    }
}
