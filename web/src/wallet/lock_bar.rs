use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::password_field::PasswordField;
use crate::parts::secret;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::wallet::passphrase;
use crate::wallet::passphrase_dialog::PassphraseDialog;
use crate::wallet::problem;
use crate::wallet::relock::{LockButton, Relock, RelockChoice};
use fedcoin_keyring::Protection;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{WalletCommand, WalletProblem};

/// Shows whether a passphrase protects the keys, and lets the user lock, unlock and change that.
#[component]
pub(crate) fn LockBar() -> impl IntoView {
    let i18n = use_i18n();
    let protection = use_session().protection();
    let relock = expect_context::<Relock>();
    let state = move || match protection.get() {
        Protection::None => "none",
        Protection::Locked => "locked",
        Protection::Unlocked => "unlocked",
    };
    let words = move || match protection.get() {
        Protection::None => i18n.texts().passphrase.not_protected,
        Protection::Locked => i18n.texts().passphrase.locked,
        Protection::Unlocked if relock.minutes() == 0 => i18n.texts().passphrase.unlocked,
        Protection::Unlocked => i18n.texts().passphrase.unlocked_a_while,
    };
    view! {
        <div class="lock-bar" data-testid=ids::LOCK_STATE data-state=state>
            <p class="small">{words}</p>
            <Show when=move || protection.get() == Protection::Locked><UnlockForm /></Show>
            <Show when=move || protection.get() != Protection::None><RelockChoice /></Show>
            <div class="buttons">
                <Show when=move || protection.get() == Protection::Unlocked><LockButton /></Show>
                <PassphraseDialog />
            </div>
        </div>
    }
}

#[component]
fn UnlockForm() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let text = RwSignal::new(String::new());
    let trouble = AnySignal::new(None::<WalletProblem>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(client) = session.client() else { return };
        let passphrase = passphrase::given(secret::take(text));
        trouble.set(None);
        spawn_local(async move {
            trouble.try_set(client.change_wallet(WalletCommand::Unlock { passphrase }).await.err());
        });
    };
    view! {
        <form class="unlock" on:submit=submit>
            <PasswordField
                id="unlock-passphrase"
                label=Signal::derive(i18n.text(|texts| texts.passphrase.label))
                text
                testid=ids::UNLOCK_PASSPHRASE
            />
            <button type="submit" data-testid=ids::UNLOCK disabled=move || text.with(String::is_empty)>
                {i18n.text(|texts| texts.passphrase.unlock)}
            </button>
            <p class="field-error" role="alert" data-testid=ids::UNLOCK_PROBLEM>
                {move || trouble.get().map(|problem| problem::words(&problem, i18n.language()))}
            </p>
        </form>
    }
}
