use crate::explorer::subject::use_inspector;
use crate::i18n::{short, use_i18n};
use crate::route::Subject;
use crate::session::use_session;
use fedcoin_node::primitives::Address;
use leptos::prelude::*;

/// A shortened address that links to its details; own addresses are marked.
#[component]
pub(crate) fn AddressText(address: Address) -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let own = use_session().own_addresses();
    let text = address.to_string();
    let shown = short(&text);
    let label = {
        let text = text.clone();
        move || (i18n.texts().view.open_address)(&short(&text))
    };
    let mark = move || {
        own.with(|own| own.contains(&address))
            .then(|| view! { <span class="chip chip-own">{i18n.texts().common.you}</span> })
    };
    view! {
        <span class="address">
            <button
                type="button"
                class="plain"
                title=text
                aria-label=label
                on:click=move |_| inspector.show(Subject::Address(address))
            >
                <code translate="no">{shown}</code>
            </button>
            {mark}
        </span>
    }
}
