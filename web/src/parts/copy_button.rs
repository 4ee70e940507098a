use crate::i18n::use_i18n;
use crate::signals::any_signal::AnySignal;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

/// Time for which the outcome is shown.
const SHOWN: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    None,
    Copied,
    Refused,
}

/// Copies a text to the clipboard.
#[component]
pub(crate) fn CopyButton(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = AnySignal::new(Outcome::None);
    let copy = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            let copied = write(&text).await;
            // The panel may be gone by now.
            outcome.try_set(if copied { Outcome::Copied } else { Outcome::Refused });
            if copied {
                set_timeout(move || outcome.try_set(Outcome::None), SHOWN);
            }
        });
    };
    let label = move || match outcome.get() {
        Outcome::Copied => i18n.texts().common.copied,
        Outcome::None | Outcome::Refused => i18n.texts().common.copy,
    };
    view! {
        <span class="copy">
            <button type="button" class="small" on:click=copy>{label}</button>
            <span class="visually-hidden" role="status">
                {move || (outcome.get() == Outcome::Copied).then(|| i18n.texts().common.copied)}
            </span>
            <span role="status" class="small bad">
                {move || (outcome.get() == Outcome::Refused).then(|| i18n.texts().common.copy_failed)}
            </span>
        </span>
    }
}

/// Copies the text; returns whether that worked. The clipboard exists only in secure contexts.
async fn write(text: &str) -> bool {
    if !window().is_secure_context() {
        return false;
    }
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}
