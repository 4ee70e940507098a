use crate::session::Session;
use leptos::prelude::*;
use node_wasm::messages::KeyStorage;

/// If keys are only in memory and the user has no copy, the browser asks before it leaves the page.
pub(crate) fn guard(session: Session) {
    let has_unsaved = session.part(|state| state.wallet.keys.iter().any(|key| !key.backed_up));
    let listener = window_event_listener(leptos::ev::beforeunload, move |event| {
        let in_memory = session.ready_now().is_some_and(|ready| matches!(ready.keys, KeyStorage::Memory(_)));
        if in_memory && has_unsaved.get_untracked() == Some(true) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}
