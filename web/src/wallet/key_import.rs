use crate::i18n::{I18n, use_i18n};
use crate::ids;
use crate::parts::dialog::DialogButton;
use crate::parts::password_field::PasswordField;
use crate::parts::secret;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::backup;
use crate::wallet::passphrase;
use crate::wallet::problem::Problem;
use crate::wallet::recovery_words;
use fedcoin_keyring::{looks_like_words, text_of};
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{PrivateKeyText, WalletCommand};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};
use zeroize::Zeroizing;

/// Maximum size of a key file in bytes; a backup of 100 keys has some 70,000.
const MAX_FILE: f64 = 200_000.0;

/// The user's input.
#[derive(Clone, Copy)]
struct Typed {
    text: RwSignal<String>,
    name: RwSignal<String>,
    passphrase: RwSignal<String>,
    problem: AnySignal<Option<Problem>>,
}

/// Adds a private key from the course's files or another wallet, or the keys of a backup.
#[component]
pub(crate) fn KeyImport() -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let session = use_session();
    view! {
        <DialogButton
            open
            testid=ids::KEY_IMPORT
            disabled=Signal::derive(move || session.ready().is_none())
            label=Signal::derive(i18n.text(|texts| texts.keys.import))
            title=Signal::derive(i18n.text(|texts| texts.keys.import_title))
        >
            <ImportForm open />
        </DialogButton>
    }
}

#[component]
fn ImportForm(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let empty = || RwSignal::new(String::new());
    let typed = Typed { text: empty(), name: empty(), passphrase: empty(), problem: AnySignal::new(None) };
    on_cleanup(move || [typed.text, typed.passphrase].into_iter().for_each(secret::clear));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            let result = match typed.command().await {
                Ok(command) => client.change_wallet(command).await.map_err(Problem::Node),
                Err(why) => Err(why),
            };
            match result {
                // The dialog of a wallet without a key goes with its first one.
                Ok(()) => {
                    let _ = open.try_set(false);
                }
                Err(why) => typed.problem.try_set(Some(why)),
            }
        });
    };
    view! {
        <form class="fields" on:submit=submit>
            <FileField typed />
            <div class="field">
                <label for="import-text">{i18n.text(|texts| texts.keys.import_text)}</label>
                <p class="muted small">{i18n.text(|texts| texts.keys.import_hint)}</p>
                <textarea
                    id="import-text"
                    rows="4"
                    maxlength="200000"
                    autocomplete="off"
                    spellcheck="false"
                    data-testid=ids::KEY_IMPORT_TEXT
                    bind:value=typed.text
                ></textarea>
            </div>
            <MoreFields typed i18n />
            <p class="field-error" role="alert" data-testid=ids::KEY_PROBLEM>
                {move || typed.problem.get().map(|problem| problem.words(i18n.language()))}
            </p>
            <div class="buttons">
                <button type="submit" class="primary" data-testid=ids::KEY_IMPORT_ACTION>
                    {i18n.text(|texts| texts.keys.import_action)}
                </button>
            </div>
        </form>
    }
}

/// The name for a key, or the passphrase for a backup.
#[component]
fn MoreFields(typed: Typed, i18n: I18n) -> impl IntoView {
    let is_backup = Memo::new(move |_| typed.text.with(|text| looks_like_backup(text)));
    let name = move || {
        view! {
            <div class="field">
                <label for="import-name">{i18n.text(|texts| texts.keys.import_name)}</label>
                <input
                    type="text"
                    id="import-name"
                    maxlength="40"
                    data-testid=ids::KEY_IMPORT_NAME
                    bind:value=typed.name
                />
            </div>
        }
    };
    view! {
        <Show when=move || is_backup.get() fallback=name>
            <p>{i18n.text(|texts| texts.backup.opens)}</p>
            <PasswordField
                id="import-passphrase"
                label=Signal::derive(i18n.text(|texts| texts.passphrase.label))
                text=typed.passphrase
                testid=ids::KEY_IMPORT_PASSPHRASE
            />
        </Show>
    }
}

fn looks_like_backup(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

impl Typed {
    /// The command for the node, which checks a key itself; the other inputs are checked here.
    async fn command(self) -> Result<WalletCommand, Problem> {
        let mut text = Zeroizing::new(self.text.get_untracked());
        if looks_like_backup(&text) {
            let backup = backup::from_text(&text).ok_or(Problem::NotABackup)?;
            let passphrase = passphrase::given(self.passphrase.get_untracked());
            return Ok(WalletCommand::Restore { backup, passphrase });
        }
        let name = self.name.get_untracked().parse().map_err(|_| Problem::KeyName)?;
        if looks_like_words(&text) {
            text = Zeroizing::new(recovery_words::key_of(&text).await?.to_hex());
        }
        Ok(WalletCommand::Import { name, key: PrivateKeyText(text) })
    }

    /// Puts a file's text in the place of what was typed. The dialog may be closed by then.
    async fn take_file(self, file: File) {
        if file.size() > MAX_FILE {
            return self.problem.try_set(Some(Problem::LargeFile));
        }
        let bytes = JsFuture::from(file.array_buffer()).await.ok();
        let text = bytes.and_then(|buffer| text_of(&Uint8Array::new(&buffer).to_vec()));
        self.problem.try_set(text.is_none().then_some(Problem::UnreadableFile));
        if let Some(text) = text {
            let _ = self.text.try_set(text.as_str().to_owned());
        }
    }
}

/// Takes a file, chosen or dropped.
#[component]
fn FileField(typed: Typed) -> impl IntoView {
    let i18n = use_i18n();
    let hovered = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let take = move |file: File| {
        name.set(file.name());
        spawn_local(typed.take_file(file));
    };
    let choose = move |event: leptos::ev::Event| {
        if let Some(file) = chosen_file(&event) {
            take(file);
        }
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        hovered.set(false);
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            take(file);
        }
    };
    // Else the browser would open the file in the page's place.
    let hover = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        hovered.set(true);
    };
    view! {
        <div
            class="drop-zone"
            class:hovered=move || hovered.get()
            data-testid=ids::KEY_DROP
            on:dragover=hover
            on:dragleave=move |_| hovered.set(false)
            on:drop=dropped
        >
            <label for="import-file">{i18n.text(|texts| texts.keys.import_file)}</label>
            <input type="file" id="import-file" data-testid=ids::KEY_IMPORT_FILE on:change=choose />
            <p role="status" class="small break">{move || name.get()}</p>
        </div>
    }
}

/// The file selected in a file field.
pub(crate) fn chosen_file(event: &leptos::ev::Event) -> Option<File> {
    event.target()?.dyn_into::<HtmlInputElement>().ok()?.files()?.get(0)
}
