use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// Size in bytes at which text is passed to the browser.
const PIECE: usize = 1_000_000;

/// Offers a text as a download. The browser reports failures itself.
pub(crate) fn save(name: &str, text: &str) {
    let mut download = Download::default();
    download.write(text);
    download.save(name);
}

/// A text of any length for download: the browser stores its pieces, on disk if they are many.
#[derive(Default)]
pub(crate) struct Download {
    pieces: js_sys::Array,
    text: String,
}

impl Download {
    /// Appends to the text.
    pub(crate) fn write(&mut self, text: &str) {
        self.text.push_str(text);
        if self.text.len() >= PIECE {
            // If the browser cannot store a piece, saving fails, and the browser reports it.
            let piece = Blob::new_with_str_sequence(&js_sys::Array::of1(&self.text.as_str().into()));
            self.pieces.push(&piece.map_or_else(|_| self.text.as_str().into(), JsValue::from));
            self.text.clear();
        }
    }

    /// Offers the download. The browser reports failures itself.
    pub(crate) fn save(self, name: &str) {
        let _ = self.try_save(name);
    }

    fn try_save(self, name: &str) -> Result<(), JsValue> {
        self.pieces.push(&self.text.into());
        let url = Url::create_object_url_with_blob(&Blob::new_with_blob_sequence(&self.pieces)?)?;
        let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
        link.set_href(&url);
        link.set_download(name);
        link.click();
        Url::revoke_object_url(&url)
    }
}
