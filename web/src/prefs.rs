use leptos::prelude::window;
use web_sys::Storage;

/// A persistent preference of all tabs; also `None` if the browser stores none.
pub(crate) fn lasting(name: &str) -> Option<String> {
    local()?.get_item(name).ok()?
}

/// Stores a preference for all tabs. If the browser refuses, the preference is lost.
pub(crate) fn set_lasting(name: &str, value: &str) {
    if let Some(storage) = local() {
        let _ = storage.set_item(name, value);
    }
}

/// A preference of this tab, which survives a reload.
pub(crate) fn of_tab(name: &str) -> Option<String> {
    session()?.get_item(name).ok()?
}

/// Stores a preference for this tab, if the browser allows it.
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
