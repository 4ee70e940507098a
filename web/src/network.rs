use crate::prefs;
use fedcoin_node::consensus::ChainParams;
use leptos::prelude::window;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response};

/// Path of the network's rules on the relay, beside the page.
const RULES: &str = "api/v1/network";
/// Key under which the page remembers them, so that the node starts without the relay.
const REMEMBERED: &str = "fedcoin-network";

/// Maximum wait for the relay's answer before the remembered rules are used, in milliseconds.
const PATIENCE_MS: u32 = 4_000;
/// Maximum wait if no rules are remembered, before the page reports the failure.
const PATIENCE_AT_FIRST_MS: u32 = 30_000;

/// The part of the relay's answer that the page needs.
#[derive(Deserialize)]
struct NetworkView {
    params: ChainParams,
}

/// The rules of the relay's network, or the remembered ones if it does not respond.
///
/// # Errors
/// The error message of the browser or the relay, for the user to read.
pub(crate) async fn rules() -> Result<ChainParams, String> {
    let remembered = prefs::lasting(REMEMBERED).and_then(|text| parse(&text).ok());
    match fetch(if remembered.is_some() { PATIENCE_MS } else { PATIENCE_AT_FIRST_MS }).await {
        Ok(text) => {
            let params = parse(&text)?;
            prefs::set_lasting(REMEMBERED, &text);
            Ok(params)
        }
        Err(problem) => remembered.ok_or(problem),
    }
}

async fn fetch(patience_ms: u32) -> Result<String, String> {
    let options = RequestInit::new();
    options.set_signal(Some(&AbortSignal::timeout_with_u32(patience_ms)));
    let answer = JsFuture::from(window().fetch_with_str_and_init(RULES, &options)).await.map_err(|e| said(&e))?;
    let response: Response = answer.dyn_into().map_err(|e| said(&e))?;
    if !response.ok() {
        return Err(format!("{RULES}: {} {}", response.status(), response.status_text()));
    }
    let text = JsFuture::from(response.text().map_err(|e| said(&e))?).await.map_err(|e| said(&e))?;
    text.as_string().ok_or_else(|| format!("{RULES}: no text"))
}

fn parse(text: &str) -> Result<ChainParams, String> {
    let value = js_sys::JSON::parse(text).map_err(|e| said(&e))?;
    serde_wasm_bindgen::from_value(value).map(|view: NetworkView| view.params).map_err(|e| e.to_string())
}

/// The message of a JavaScript error.
fn said(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |e| String::from(e.message()))
}
