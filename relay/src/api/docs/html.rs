//! Text to HTML.

/// Escapes the characters that HTML treats as markup.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Like [`escape`], with text between backticks as code.
pub(super) fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { escape(part) }).collect()
}

pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// A table with the given rows; the first cell of each row is its heading. Empty without rows.
pub(super) fn table<const N: usize>(title: &str, rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rows: String = rows.into_iter().map(|cells| row(&cells)).collect();
    if rows.is_empty() { rows } else { format!("<h4>{title}</h4>\n<table>\n{rows}</table>\n") }
}

fn row(cells: &[String]) -> String {
    let cells = cells.iter().enumerate();
    let cells: String =
        cells.map(|(at, cell)| if at == 0 { format!("<th>{cell}</th>") } else { format!("<td>{cell}</td>") }).collect();
    format!("<tr>{cells}</tr>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_becomes_markup() {
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
        assert_eq!(prose("say `<b>` or not"), "say <code>&lt;b&gt;</code> or not");
        assert_eq!(table::<1>("none", []), "");
    }
}
