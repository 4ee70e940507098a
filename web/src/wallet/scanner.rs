//! The browser's own QR code reader. Without it, the page offers no scanning.

use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// See <https://wicg.github.io/shape-detection-api/>.
    type BarcodeDetector;

    #[wasm_bindgen(constructor, catch)]
    fn new(options: &JsValue) -> Result<BarcodeDetector, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn detect(this: &BarcodeDetector, image: &JsValue) -> Result<js_sys::Promise, JsValue>;
}

/// Reads QR codes from pictures.
pub(super) struct Scanner(BarcodeDetector);

/// Whether this browser can read QR codes.
pub(super) fn is_there() -> bool {
    js_sys::Reflect::has(&window(), &"BarcodeDetector".into()).unwrap_or(false)
}

impl Scanner {
    /// A reader; `None` if the browser has none after all.
    pub(super) fn new() -> Option<Self> {
        let options = js_sys::Object::new();
        let formats = js_sys::Array::of1(&"qr_code".into());
        js_sys::Reflect::set(&options, &"formats".into(), &formats).ok()?;
        BarcodeDetector::new(&options).ok().map(Self)
    }

    /// The text of the first code in a picture: an image bitmap or a playing video.
    pub(super) async fn read(&self, image: &JsValue) -> Option<String> {
        let found = JsFuture::from(self.0.detect(image).ok()?).await.ok()?;
        let first = js_sys::Array::from(&found).get(0);
        js_sys::Reflect::get(&first, &"rawValue".into()).ok()?.as_string()
    }
}
