use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::copy_button::CopyButton;
use crate::parts::dialog::DialogButton;
use crate::parts::download;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::wallet::passphrase::{RequiredPassphrase, RequiredPassphraseField};
use crate::wallet::problem;
use crate::wallet::recovery_words::RecoveryWords;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{WalletCommand, WalletProblem};
use zeroize::Zeroize;

/// Shows the private key of the key in use, after a warning.
#[component]
pub(crate) fn KeyExport() -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    view! {
        <DialogButton
            open
            testid=ids::KEY_EXPORT
            label=Signal::derive(i18n.text(|texts| texts.keys.export))
            title=Signal::derive(i18n.text(|texts| texts.keys.export_title))
        >
            <Contents />
        </DialogButton>
    }
}

/// The key is requested when the user clicks, and dropped with the dialog's contents.
#[component]
fn Contents() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let key = session.key();
    let shown = AnySignal::new(None::<String>);
    let problem = AnySignal::new(None::<WalletProblem>);
    let required = RequiredPassphrase::new(session);
    on_cleanup(move || shown.try_update(Zeroize::zeroize));
    let show = move |_| {
        let Some((client, key)) = session.client().zip(key.get_untracked()) else { return };
        let passphrase = required.take();
        spawn_local(async move {
            match client.export_key(key.address, passphrase).await {
                Ok(text) => {
                    shown.try_set(Some(text.0.to_string()));
                    let address = Some(key.address);
                    // The user has the copy; the worst consequence of a failure is another reminder.
                    drop(client.change_wallet(WalletCommand::NoteBackup { address }).await);
                }
                Err(why) => problem.try_set(Some(why)),
            }
        });
    };
    let address = move || key.get().map(|key| key.address.to_string());
    view! {
        <p><code class="break">{address}</code></p>
        <p class="callout warn">{i18n.text(|texts| texts.keys.export_warning)}</p>
        <Show
            when=move || shown.get().is_some()
            fallback=move || view! {
                <RequiredPassphraseField required />
                <div class="buttons">
                    <button
                        type="button"
                        class="danger"
                        data-testid=ids::KEY_EXPORT_SHOW
                        disabled=move || required.is_missing()
                        on:click=show
                    >
                        {i18n.text(|texts| texts.keys.export_show)}
                    </button>
                </div>
            }
        >
            <PrivateKeyText shown address=Signal::derive(move || address().unwrap_or_default()) />
        </Show>
        <p class="field-error" role="alert" data-testid=ids::KEY_PROBLEM>
            {move || problem.get().map(|problem| problem::words(&problem, i18n.language()))}
        </p>
    }
}

#[component]
fn PrivateKeyText(shown: AnySignal<Option<String>>, address: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let text = Signal::derive(move || shown.get().unwrap_or_default());
    let save = move |_| download::save(&format!("{}.txt", address.get_untracked()), &text.get_untracked());
    view! {
        <div class="field">
            <label for="private-key">{i18n.text(|texts| texts.keys.private_key)}</label>
            <textarea id="private-key" rows="6" readonly data-testid=ids::PRIVATE_KEY prop:value=text></textarea>
        </div>
        <div class="buttons">
            <CopyButton text />
            <button type="button" class="small" data-testid=ids::KEY_EXPORT_SAVE on:click=save>
                {i18n.text(|texts| texts.keys.export_save)}
            </button>
        </div>
        <RecoveryWords key=text />
    }
}
