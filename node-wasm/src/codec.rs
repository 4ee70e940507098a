//! Values between threads, and values of the browser.
//!
//! Page, node worker and miners are of one build, so their messages need say nothing of their own form: they are
//! bytes ([`encode`], [`decode`]). What outlives a build, or another tab's may read, is a JavaScript value with names
//! in it ([`to_js`], [`from_js`]).

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

/// Room for a message at first: one with a passphrase in it never moves, which would leave a copy behind.
const ROOM: usize = 1024;

/// A message's bytes.
///
/// # Errors
/// What serde says; not for this crate's own message types.
pub fn encode<T: Serialize + ?Sized>(message: &T) -> Result<Uint8Array, postcard::Error> {
    let bytes = Zeroizing::new(postcard::to_extend(message, Vec::with_capacity(ROOM))?);
    Ok(Uint8Array::from(bytes.as_slice()))
}

/// The message in bytes, all of them.
///
/// # Errors
/// What is no message of this type.
pub fn decode<T: for<'de> Deserialize<'de>>(value: &JsValue) -> Result<T, postcard::Error> {
    let bytes = value.dyn_ref::<Uint8Array>().ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
    let bytes = Zeroizing::new(bytes.to_vec());
    match postcard::take_from_bytes(&bytes)? {
        (message, []) => Ok(message),
        _ => Err(postcard::Error::SerdeDeCustom),
    }
}

/// A value as structured JavaScript. 64-bit integers become `BigInt`, so that none loses digits.
///
/// # Errors
/// What serde says; not for this crate's own types.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::new().serialize_large_number_types_as_bigints(true))
}

/// The value in a JavaScript value.
///
/// # Errors
/// What does not fit the type.
pub fn from_js<T: for<'de> Deserialize<'de>>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}
