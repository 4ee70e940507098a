//! Messages between threads as JavaScript values.

use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A message as a structured JavaScript value. 64-bit integers travel as `BigInt`, so that none loses
/// digits.
///
/// # Errors
/// What serde says; not for this crate's own message types.
pub fn to_js<T: Serialize + ?Sized>(message: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    message.serialize(&Serializer::new().serialize_large_number_types_as_bigints(true))
}

/// The message in a JavaScript value.
///
/// # Errors
/// What does not fit the type: page and worker are of different versions.
pub fn from_js<T: for<'de> Deserialize<'de>>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}
