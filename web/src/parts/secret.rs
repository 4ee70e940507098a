//! Fields with a secret in them. JavaScript keeps copies of what is typed for as long as it likes; ours are cleared.

use leptos::prelude::*;
use zeroize::Zeroize;

/// What was typed; the field is empty then.
pub(crate) fn take(text: RwSignal<String>) -> String {
    text.try_update(std::mem::take).unwrap_or_default()
}

/// Empties a field.
pub(crate) fn clear(text: RwSignal<String>) {
    text.try_update(Zeroize::zeroize);
}
