use crate::i18n::use_i18n;
use leptos::prelude::*;

/// What browser or node say themselves, folded away: it is neither in the page's language nor for everybody.
#[component]
pub(crate) fn RawWords(raw: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    raw.map(|raw| {
        view! {
            <details class="small">
                <summary>{i18n.text(|texts| texts.common.details)}</summary>
                <code class="break">{raw}</code>
            </details>
        }
    })
}
