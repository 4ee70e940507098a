//! Texts of JavaScript exceptions.

use wasm_bindgen::{JsCast, JsValue};

/// The message of an exception.
#[must_use]
pub fn text(exception: &JsValue) -> String {
    if let Some(error) = exception.dyn_ref::<js_sys::Error>() {
        return String::from(error.to_string());
    }
    exception.as_string().unwrap_or_else(|| format!("{exception:?}"))
}
