use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::dialog::Dialog;
use crate::parts::{clock, download};
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::wallet::passphrase::{NewPassphrase, NewPassphraseFields};
use crate::wallet::problem::Problem;
use fedcoin_keyring::{FORMAT, Passphrase, Protection, Sealed};
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::WalletCommand;
use wasm_bindgen::JsValue;

/// Whether the backup dialog is open; a context of the wallet.
#[derive(Clone, Copy)]
pub(crate) struct BackupOpen(pub(crate) RwSignal<bool>);

/// A backup as readable JSON.
fn to_text(backup: &Sealed) -> Option<String> {
    let value = serde_wasm_bindgen::to_value(backup).ok()?;
    js_sys::JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from_f64(2.0)).ok()?.as_string()
}

/// The backup in a text, if there is one.
pub(crate) fn from_text(text: &str) -> Option<Sealed> {
    let backup: Sealed = serde_wasm_bindgen::from_value(js_sys::JSON::parse(text).ok()?).ok()?;
    (backup.format == FORMAT).then_some(backup)
}

/// Reminds the user of the backup while only this browser has keys with coins. It then also covers the browser's
/// missing promise to keep data, instead of a separate notice.
#[component]
pub(crate) fn BackupReminder() -> impl IntoView {
    let i18n = use_i18n();
    let BackupOpen(open) = expect_context();
    let session = use_session();
    let at_risk = session.at_risk();
    let at_risk = move || at_risk.get().unwrap_or_default();
    let words = move || {
        let texts = &i18n.texts().backup;
        let words = if session.may_be_cleared() { texts.reminder_may_be_cleared } else { texts.reminder };
        words(&i18n.language().amount(at_risk()))
    };
    view! {
        <div role="status">
            <Show when=move || { at_risk() > Amount::ZERO }>
                <div class="callout reminder" data-testid=ids::BACKUP_REMINDER>
                    <p>{words}</p>
                    <button type="button" class="small" on:click=move |_| open.set(true)>
                        {i18n.text(|texts| texts.backup.action)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// Opens the dialog.
#[component]
pub(crate) fn BackupButton() -> impl IntoView {
    let i18n = use_i18n();
    let BackupOpen(open) = expect_context();
    view! {
        <button type="button" data-testid=ids::BACKUP on:click=move |_| open.set(true)>
            {i18n.text(|texts| texts.backup.action)}
        </button>
    }
}

/// Saves all keys to a file, encrypted with a passphrase.
#[component]
pub(crate) fn BackupDialog() -> impl IntoView {
    let i18n = use_i18n();
    let BackupOpen(open) = expect_context();
    view! {
        <Dialog
            open
            on_close=move |()| open.set(false)
            title=Signal::derive(move || i18n.texts().backup.title.to_owned())
        >
            <Contents />
        </Dialog>
    }
}

#[component]
fn Contents() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let guarded = session.protection().get_untracked() != Protection::None;
    let fields = NewPassphrase::new();
    let trouble = AnySignal::new(None::<Problem>);
    let saved = AnySignal::new(None::<String>);
    let working = RwSignal::new(false);
    let save = move |passphrase: Option<Passphrase>| {
        let Some(client) = session.client() else { return };
        trouble.set(None);
        working.set(true);
        spawn_local(async move {
            let result = client.backup(passphrase).await;
            working.try_set(false);
            match result.map(|backup| to_text(&backup)) {
                Ok(Some(text)) => {
                    let name = format!("fedcoin-keys-{}.json", clock::iso_date(clock::now()));
                    download::save(&name, &text);
                    saved.try_set(Some(name));
                }
                Ok(None) => {}
                Err(why) => trouble.try_set(Some(Problem::Node(why))),
            }
        });
    };
    // The browser does not say whether the user has cancelled the download.
    let BackupOpen(open) = expect_context();
    let have = move |_| {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            match client.change_wallet(WalletCommand::NoteBackup { address: None }).await {
                Ok(()) => open.set(false),
                Err(why) => trouble.try_set(Some(Problem::Node(why))),
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if guarded {
            return save(None);
        }
        match fields.take() {
            Ok(passphrase) => save(Some(passphrase)),
            Err(why) => trouble.set(Some(why)),
        }
    };
    view! {
        <form class="fields" on:submit=submit>
            <p>{i18n.text(|texts| texts.backup.hint)}</p>
            {if guarded {
                view! { <p>{i18n.text(|texts| texts.backup.own)}</p> }.into_any()
            } else {
                view! {
                    <p class="callout warn">{i18n.text(|texts| texts.passphrase.warning)}</p>
                    <NewPassphraseFields fields />
                }
                .into_any()
            }}
            <p class="field-error" role="alert" data-testid=ids::BACKUP_PROBLEM>
                {move || trouble.get().map(|problem| problem.words(i18n.language()))}
            </p>
            <p role="status" class="muted">{move || working.get().then(|| i18n.texts().passphrase.working)}</p>
            <p role="status" class="good" data-testid=ids::BACKUP_SAVED>
                {move || saved.get().map(|name| (i18n.texts().backup.saved)(&name))}
            </p>
            <div class="buttons">
                <button type="submit" class="primary" data-testid=ids::BACKUP_SAVE disabled=working>
                    {i18n.text(|texts| texts.backup.save)}
                </button>
                <Show when=move || saved.get().is_some()>
                    <button type="button" data-testid=ids::BACKUP_HAVE on:click=have>
                        {i18n.text(|texts| texts.safety.backup_have)}
                    </button>
                </Show>
            </div>
        </form>
    }
}
