use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::dialog::DialogButton;
use crate::parts::password_field::PasswordField;
use crate::parts::secret;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::wallet::passphrase::{self, NewPassphrase, NewPassphraseFields};
use crate::wallet::problem::Problem;
use fedcoin_keyring::{Passphrase, Protection};
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::WalletCommand;

/// Sets, changes and removes the passphrase.
#[component]
pub(crate) fn PassphraseDialog() -> impl IntoView {
    let i18n = use_i18n();
    let protection = use_session().protection();
    let open = RwSignal::new(false);
    let title = Signal::derive(move || match protection.get() {
        Protection::None => i18n.texts().passphrase.set,
        Protection::Locked | Protection::Unlocked => i18n.texts().passphrase.change,
    });
    view! {
        <DialogButton
            open
            testid=ids::PROTECT
            label=title
            title=title
        >
            <Contents open />
        </DialogButton>
    }
}

#[component]
fn Contents(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let protection = session.protection();
    // The state when the dialog opened: the answer changes it a moment before the dialog closes.
    let guarded = protection.get_untracked() != Protection::None;
    let (current, fields) = (RwSignal::new(String::new()), NewPassphrase::new());
    let trouble = AnySignal::new(None::<Problem>);
    let working = RwSignal::new(false);
    on_cleanup(move || secret::clear(current));
    let protect = move |new: Option<Passphrase>| {
        let Some(client) = session.client() else { return };
        let current_now = guarded.then(|| passphrase::given(current.get_untracked()));
        trouble.set(None);
        working.set(true);
        spawn_local(async move {
            let result = client.change_wallet(WalletCommand::Protect { current: current_now, new }).await;
            working.try_set(false);
            match result {
                Ok(()) => open.set(false),
                Err(why) => trouble.try_set(Some(Problem::Node(why))),
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match fields.take() {
            Ok(new) => protect(Some(new)),
            Err(why) => trouble.set(Some(why)),
        }
    };
    view! {
        <form class="fields" on:submit=submit>
            <p class="callout warn">{i18n.text(|texts| texts.passphrase.warning)}</p>
            {guarded.then(|| view! {
                <PasswordField
                    id="passphrase-current"
                    label=Signal::derive(i18n.text(|texts| texts.passphrase.current))
                    text=current
                    testid=ids::PASSPHRASE_CURRENT
                />
            })}
            <NewPassphraseFields fields />
            <p class="field-error" role="alert" data-testid=ids::PROTECT_PROBLEM>
                {move || trouble.get().map(|problem| problem.words(i18n.language()))}
            </p>
            <p role="status" class="muted">{move || working.get().then(|| i18n.texts().passphrase.working)}</p>
            <div class="buttons">
                <button type="submit" class="primary" data-testid=ids::PROTECT_ACTION disabled=working>
                    {move || if guarded { i18n.texts().passphrase.change } else { i18n.texts().passphrase.set }}
                </button>
                {guarded.then(|| view! {
                    <button
                        type="button"
                        class="danger"
                        data-testid=ids::PROTECT_REMOVE
                        disabled=working
                        on:click=move |_| protect(None)
                    >
                        {i18n.text(|texts| texts.passphrase.remove)}
                    </button>
                })}
            </div>
        </form>
    }
}
