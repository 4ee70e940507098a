use crate::signals::memo::Memo;
use core::fmt::Write;
use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// Quiet zone around a code in modules, as the standard requires.
const QUIET: i32 = 4;

/// A text as a QR code, black on white in any colour scheme, because scanners expect that.
#[component]
pub(crate) fn QrCodeImage(
    /// The text; a text that is too long shows no code.
    #[prop(into)]
    text: Signal<String>,
    /// The label for screen readers.
    #[prop(into)]
    label: Signal<String>,
    testid: &'static str,
) -> impl IntoView {
    let code = Memo::new(move |_| text.with(|text| drawing(text)));
    move || {
        code.get().map(|(size, path)| {
            let (outer, data) = (size + 2 * QUIET, text.get());
            view! {
                <svg
                    class="qr-code"
                    viewBox=format!("{0} {0} {outer} {outer}", -QUIET)
                    role="img"
                    aria-label=move || label.get()
                    shape-rendering="crispEdges"
                    data-testid=testid
                    data-value=data
                >
                    <path class="qr-ground" d=format!("M{0} {0}h{outer}v{outer}h-{outer}z", -QUIET) />
                    <path class="qr-ink" d=path />
                </svg>
            }
        })
    }
}

/// The code's width in modules, and its dark modules as a path, with a bar for each run.
fn drawing(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let begin = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > begin {
                // Writing to a string does not fail.
                let _ = write!(path, "M{begin} {y}h{0}v1h-{0}z", x - begin);
            }
            x += 1;
        }
    }
    Some((code.size(), path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn short_texts_have_a_code_and_too_long_ones_none() {
        let (size, path) = drawing("fedcoin:fed1").unwrap();
        assert!(size == 21 && path.starts_with("M0 0h7v1h-7z"), "the first finder pattern: {path}");
        assert!(drawing("").is_some());
        assert!(drawing(&"ä".repeat(3_000)).is_none());
    }
}
