use crate::i18n::{short, use_i18n};
use crate::ids;
use crate::parts::dialog::DialogButton;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::problem;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{KeyState, WalletCommand, WalletProblem};

/// Number of characters of the address that must be typed to delete a key with coins.
const TYPED: usize = 6;

/// Deletes the key in use, after a warning that must be ticked; for a key with coins, the end of its address must be
/// typed.
#[component]
pub(crate) fn KeyRemoval() -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    view! {
        <DialogButton
            open
            testid=ids::KEY_REMOVE
            class="danger"
            label=Signal::derive(i18n.text(|texts| texts.keys.remove))
            title=Signal::derive(i18n.text(|texts| texts.keys.remove_title))
        >
            // The key named in the warning, even if another one is selected meanwhile.
            {use_session().key().get_untracked().map(|key| view! { <Contents key open /> })}
        </DialogButton>
    }
}

#[component]
fn Contents(key: KeyState, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let (understood, typed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let problem = AnySignal::new(None::<WalletProblem>);
    let (address, balance) = (key.address, key.balance);
    let holds_money = balance.confirmed > Amount::ZERO || balance.pending_in > Amount::ZERO;
    let text = address.to_string();
    let end = text.get(text.len() - TYPED..).unwrap_or_default().to_owned();
    let warning = {
        let text = text.clone();
        move || (i18n.texts().keys.remove_warning)(&short(&text), &i18n.language().amount(balance.confirmed))
    };
    let confirmed = {
        let end = end.clone();
        Memo::new(move |_| understood.get() && (!holds_money || typed.with(|typed| typed.trim() == end)))
    };
    let remove = move |_| {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            match client.change_wallet(WalletCommand::Remove { address }).await {
                Ok(()) => {
                    let _ = open.try_set(false);
                }
                Err(why) => problem.try_set(Some(why)),
            }
        });
    };
    view! {
        <p class="callout bad break">{warning}</p>
        <label class="choice">
            <input type="checkbox" data-testid=ids::KEY_REMOVE_UNDERSTOOD bind:checked=understood />
            <span>{i18n.text(|texts| texts.keys.remove_understood)}</span>
        </label>
        {holds_money.then(|| view! { <TypedConfirmation end typed /> })}
        <p class="field-error" role="alert" data-testid=ids::KEY_PROBLEM>
            {move || problem.get().map(|problem| problem::words(&problem, i18n.language()))}
        </p>
        <div class="buttons">
            <button
                type="button"
                class="danger"
                data-testid=ids::KEY_REMOVE_ACTION
                disabled=move || !confirmed.get()
                on:click=remove
            >
                {i18n.text(|texts| texts.keys.remove_action)}
            </button>
            <button type="button" on:click=move |_| open.set(false)>{i18n.text(|texts| texts.common.cancel)}</button>
        </div>
    }
}

#[component]
fn TypedConfirmation(end: String, typed: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <p>{move || (i18n.texts().keys.remove_type)(&end)}</p>
            <label for="remove-typed">{i18n.text(|texts| texts.keys.remove_typed)}</label>
            <input
                type="text"
                id="remove-typed"
                class="mono"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                data-testid=ids::KEY_REMOVE_TYPED
                bind:value=typed
            />
        </div>
    }
}
