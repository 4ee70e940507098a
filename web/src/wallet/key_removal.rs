use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::dialog::Dialog;
use crate::parts::format::short;
use crate::session::use_session;
use crate::wallet::problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Deletes the key in use, after a warning that must be ticked.
#[component]
pub(crate) fn KeyRemoval() -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    view! {
        <button type="button" class="danger" data-testid=ids::KEY_REMOVE on:click=move |_| open.set(true)>
            {move || i18n.texts().wallet.remove}
        </button>
        <Dialog
            open
            on_close=move |()| open.set(false)
            title=Signal::derive(move || i18n.texts().wallet.remove_title.to_owned())
        >
            <Contents open />
        </Dialog>
    }
}

#[component]
fn Contents(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    // The key that the warning names, whatever is selected meanwhile.
    let key = session.key().get_untracked();
    let understood = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let address = key.as_ref().map(|key| key.address);
    let warning = move || {
        let key = key.as_ref()?;
        let amount = i18n.language().amount(key.balance.confirmed);
        Some((i18n.texts().wallet.remove_warning)(&short(&key.address.to_string()), &amount))
    };
    let remove = move |_| {
        let Some((client, address)) = session.client().zip(address) else { return };
        spawn_local(async move {
            match client.remove_key(address).await {
                Ok(_) => open.set(false),
                Err(why) => problem.set(Some(problem::words(&why, i18n.language_now()))),
            }
        });
    };
    view! {
        <p class="callout bad break">{warning}</p>
        <label class="choice">
            <input type="checkbox" data-testid=ids::KEY_REMOVE_UNDERSTOOD bind:checked=understood />
            <span>{move || i18n.texts().wallet.remove_understood}</span>
        </label>
        <div class="buttons">
            <button
                type="button"
                class="danger"
                data-testid=ids::KEY_REMOVE_ACTION
                disabled=move || !understood.get()
                on:click=remove
            >
                {move || i18n.texts().wallet.remove_action}
            </button>
            <button type="button" on:click=move |_| open.set(false)>{move || i18n.texts().common.cancel}</button>
        </div>
        <p class="field-error" role="alert" data-testid=ids::KEY_PROBLEM>{move || problem.get()}</p>
    }
}
