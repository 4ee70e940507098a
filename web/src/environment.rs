use fedcoin_node::PeerAddress;
use js_sys::{Function, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{PerformanceNavigationTiming, Url};

/// Number of hardware threads; 1 if the browser does not tell.
pub(crate) fn cores() -> u32 {
    let cores = window().navigator().hardware_concurrency();
    // Browsers report a whole number; the limits make any other value harmless.
    cores.clamp(1.0, f64::from(node_wasm::messages::MAX_THREADS)) as u32
}

/// The relay that served the page: `ws` beside the page.
pub(crate) fn relay() -> Option<PeerAddress> {
    let base = leptos::prelude::document().base_uri().ok()??;
    let url = Url::new_with_base("ws", &base).ok()?;
    url.set_protocol(if url.protocol() == "https:" { "wss:" } else { "ws:" });
    url.href().parse().ok()
}

/// Whether the page was reloaded in its tab rather than opened.
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
