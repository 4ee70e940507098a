use fedcoin_node::PeerAddress;
use js_sys::{Function, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, PerformanceNavigationTiming, RequestInit, Response, Url};

/// Number of hardware threads; 1 if the browser does not tell.
pub(crate) fn cores() -> u32 {
    let cores = window().navigator().hardware_concurrency();
    // Browsers report a whole number; the limits make any other value harmless.
    cores.clamp(1.0, f64::from(node_wasm::messages::MAX_THREADS)) as u32
}

/// The relay that served the page: `ws` beside the page.
pub(crate) fn relay() -> Option<PeerAddress> {
    let base = document().base_uri().ok()??;
    let url = Url::new_with_base("/ws", &base).ok()?;
    url.set_protocol(if url.protocol() == "https:" { "wss:" } else { "ws:" });
    url.href().parse().ok()
}

/// The page's own address, without view and fragment; for links that open it.
pub(crate) fn page() -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    base.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// What a line of `index.html` says that the page's build has filled in.
pub(crate) fn of_build(name: &str) -> Option<String> {
    document().query_selector(&format!("meta[name={name}]")).ok()??.get_attribute("content")
}

/// The script of a worker. Its name has its digest, so a page never gets another build's.
pub(crate) fn script(worker: &str) -> String {
    // Without it the worker does not load, and the page says so.
    format!("./{}", of_build(worker).unwrap_or_default())
}

/// Fetches the text of a file beside the page, within `patience_ms` milliseconds.
///
/// # Errors
/// What the browser or the relay said, for the user to read.
pub(crate) async fn fetch_text(path: &str, patience_ms: u32) -> Result<String, String> {
    let options = RequestInit::new();
    options.set_signal(Some(&AbortSignal::timeout_with_u32(patience_ms)));
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &options)).await.map_err(|e| said(&e))?;
    let response: Response = answer.dyn_into().map_err(|e| said(&e))?;
    if !response.ok() {
        return Err(format!("{path}: {} {}", response.status(), response.status_text()));
    }
    let text = JsFuture::from(response.text().map_err(|e| said(&e))?).await.map_err(|e| said(&e))?;
    text.as_string().ok_or_else(|| format!("{path}: no text"))
}

/// What a JavaScript error says.
pub(crate) fn said(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |e| String::from(e.message()))
}

/// Whether the page was loaded anew in its tab rather than opened.
pub(crate) fn was_reloaded() -> bool {
    let entries = window().performance().map(|p| p.get_entries_by_type("navigation"));
    entries
        .and_then(|entries| entries.get(0).dyn_into::<PerformanceNavigationTiming>().ok())
        .is_some_and(|entry| entry.type_() == web_sys::NavigationType::Reload)
}

/// Reloads the page.
pub(crate) fn load_again() {
    // Fails only for a document that is being left.
    let _ = window().location().reload();
}

/// Whether the browser has promised to keep this page's data when space runs short; `None` if it does not tell.
pub(crate) async fn is_storage_lasting() -> Option<bool> {
    answer(window().is_secure_context().then(|| window().navigator().storage().persisted())?).await
}

/// Requests that promise from the browser; returns its answer, possibly after the user has been asked.
pub(crate) async fn ask_for_lasting_storage() -> Option<bool> {
    answer(window().is_secure_context().then(|| window().navigator().storage().persist())?).await
}

async fn answer(question: Result<js_sys::Promise, wasm_bindgen::JsValue>) -> Option<bool> {
    JsFuture::from(question.ok()?).await.ok()?.as_bool()
}

/// Calls a method that not every browser has; `None` if it is missing.
pub(crate) fn call_method(object: &JsValue, name: &str) -> Option<JsValue> {
    let method = Reflect::get(object, &name.into()).ok()?.dyn_into::<Function>().ok()?;
    method.call0(object).ok()
}
