use crate::i18n::{short, use_i18n};
use crate::ids;
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_keyring::KeyName;
use fedcoin_node::primitives::Address;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{KeyState, WalletCommand};

/// Selects the key in use, if there are several.
#[component]
pub(crate) fn KeyChoice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let keys = session.keys();
    let key = session.key();
    let selected = Memo::new(move |_| key.get().map(|key| key.address));
    let choose = move |event: leptos::ev::Event| {
        let Ok(address) = event_target_value(&event).parse::<Address>() else { return };
        let Some(client) = session.client() else { return };
        // Fails only for a key that was just removed, which the list is about to show.
        spawn_local(async move { drop(client.change_wallet(WalletCommand::Select { address }).await) });
    };
    let option = move |key: KeyState| {
        let language = i18n.language();
        let words = format!("{} · {} FED", title(&key), language.amount(key.balance.spendable));
        let words = if key.backed_up { words } else { format!("{words} · {}", language.texts().keys.no_copy) };
        let address = key.address;
        view! {
            <option value=address.to_string() prop:selected=move || selected.get() == Some(address)>{words}</option>
        }
    };
    view! {
        <Show when=move || keys.with(|all| all.len() > 1)>
            <div class="field">
                <label for="key-select">{i18n.text(|texts| texts.keys.in_use)}</label>
                <select id="key-select" data-testid=ids::KEY_SELECT on:change=choose>
                    {move || keys.get().into_iter().map(option).collect_view()}
                </select>
            </div>
        </Show>
    }
}

/// What the key in use is called.
#[component]
pub(crate) fn KeyNaming() -> impl IntoView {
    let key = use_session().key();
    let selected = Memo::new(move |_| key.get().map(|key| key.address));
    move || selected.get().map(|address| view! { <NameField address /> })
}

/// A short title of name and address.
pub(crate) fn title(key: &KeyState) -> String {
    let address = short(&key.address.to_string());
    match key.name.as_str() {
        "" => address,
        name => format!("{name} ({address})"),
    }
}

/// An editable field with the key's name.
#[component]
fn NameField(address: Address) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let name = session.key().get_untracked().map(|key| key.name.to_string()).unwrap_or_default();
    let bad = RwSignal::new(false);
    let rename = move |event: leptos::ev::Event| {
        let name = event_target_value(&event).parse::<KeyName>();
        bad.set(name.is_err());
        let Some((client, name)) = session.client().zip(name.ok()) else { return };
        // Fails only for a key that was just removed.
        spawn_local(async move { drop(client.change_wallet(WalletCommand::Rename { address, name }).await) });
    };
    view! {
        <div class="field">
            <label for="key-name">{i18n.text(|texts| texts.keys.key_name)}</label>
            <input
                type="text"
                id="key-name"
                maxlength="60"
                autocomplete="off"
                placeholder=i18n.text(|texts| texts.keys.key_name_hint)
                data-testid=ids::KEY_NAME
                value=name
                on:change=rename
            />
            <p class="field-error" aria-live="polite">{move || bad.get().then(|| i18n.texts().keys.key_name_bad)}</p>
        </div>
    }
}
