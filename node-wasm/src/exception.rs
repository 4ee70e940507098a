//! JavaScript exceptions as text.

use wasm_bindgen::{JsCast, JsValue};

/// What an exception says.
#[must_use]
pub fn text(exception: &JsValue) -> String {
    if let Some(error) = exception.dyn_ref::<js_sys::Error>() {
        return String::from(error.to_string());
    }
    exception.as_string().unwrap_or_else(|| format!("{exception:?}"))
}
