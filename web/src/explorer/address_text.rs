use crate::i18n::use_i18n;
use crate::parts::format::short;
use crate::session::use_session;
use fedcoin_node::primitives::Address;
use leptos::prelude::*;

/// An address, shortened; one's own is marked.
#[component]
pub(crate) fn AddressText(
    /// The address.
    address: Address,
) -> impl IntoView {
    let i18n = use_i18n();
    let own = use_session().own_addresses();
    let text = address.to_string();
    let shown = short(&text);
    let mark = move || {
        own.with(|own| own.contains(&address))
            .then(|| view! { <span class="chip chip-own">{i18n.texts().common.you}</span> })
    };
    view! { <span class="address"><code title=text>{shown}</code>{mark}</span> }
}
