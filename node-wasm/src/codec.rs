//! Conversion of values between threads, and to values of the browser.
//!
//! Page, node worker and miners come from one build, so their messages are plain bytes without a self-describing format
//! ([`encode`], [`decode`]). Values that outlive a build, or that another tab's build may read, are JavaScript values
//! with field names ([`to_js`], [`from_js`]).

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

/// Initial capacity of a message. A message with a passphrase must never be moved, which would leave a copy in memory.
const ROOM: usize = 1024;

/// Encodes a message.
///
/// # Errors
/// Serde's error; does not occur for this crate's own message types.
pub fn encode<T: Serialize + ?Sized>(message: &T) -> Result<Uint8Array, postcard::Error> {
    let bytes = Zeroizing::new(postcard::to_extend(message, Vec::with_capacity(ROOM))?);
    Ok(Uint8Array::from(bytes.as_slice()))
}

/// Decodes a message, which must consume all bytes.
///
/// # Errors
/// The bytes are not a message of this type.
pub fn decode<T: for<'de> Deserialize<'de>>(value: &JsValue) -> Result<T, postcard::Error> {
    let bytes = value.dyn_ref::<Uint8Array>().ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
    let bytes = Zeroizing::new(bytes.to_vec());
    match postcard::take_from_bytes(&bytes)? {
        (message, []) => Ok(message),
        _ => Err(postcard::Error::SerdeDeCustom),
    }
}

/// Converts a value to structured JavaScript. 64-bit integers become `BigInt`, so that no digits are lost.
///
/// # Errors
/// Serde's error; does not occur for this crate's own types.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::new().serialize_large_number_types_as_bigints(true))
}

/// Converts a JavaScript value.
///
/// # Errors
/// The value does not fit the type.
pub fn from_js<T: for<'de> Deserialize<'de>>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}
