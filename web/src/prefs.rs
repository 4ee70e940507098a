use leptos::prelude::window;
use web_sys::Storage;

/// A preference that lasts, for all tabs. `None` too where the browser keeps none.
pub(crate) fn lasting(name: &str) -> Option<String> {
    local()?.get_item(name).ok()?
}

/// Keeps a preference for all tabs. Where the browser refuses, it is asked for again next time.
pub(crate) fn set_lasting(name: &str, value: &str) {
    if let Some(storage) = local() {
        let _ = storage.set_item(name, value);
    }
}

/// A preference of this tab, which a reload does not lose.
pub(crate) fn of_tab(name: &str) -> Option<String> {
    session()?.get_item(name).ok()?
}

/// Keeps a preference for this tab, where the browser lets it.
pub(crate) fn set_of_tab(name: &str, value: &str) {
    if let Some(storage) = session() {
        let _ = storage.set_item(name, value);
    }
}

fn local() -> Option<Storage> {
    window().local_storage().ok()?
}

fn session() -> Option<Storage> {
    window().session_storage().ok()?
}
