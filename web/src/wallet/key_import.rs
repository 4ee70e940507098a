use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::parts::dialog::Dialog;
use crate::parts::input_check;
use crate::session::use_session;
use crate::wallet::problem;
use fedcoin_node::primitives::PrivateKey;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::client::NodeClient;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

/// Largest key file in bytes; a key has about 280 hex digits.
const MAX_FILE: f64 = 10_000.0;

/// Adds a private key from the course's files or another wallet.
#[component]
pub(crate) fn KeyImport() -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let session = use_session();
    view! {
        <button
            type="button"
            data-testid=ids::KEY_IMPORT
            disabled=move || session.ready().is_none()
            on:click=move |_| open.set(true)
        >
            {move || i18n.texts().wallet.import}
        </button>
        <Dialog
            open
            on_close=move |()| open.set(false)
            title=Signal::derive(move || i18n.texts().wallet.import_title.to_owned())
        >
            <ImportForm open />
        </Dialog>
    }
}

#[component]
fn ImportForm(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let text = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            match import(&client, text.get_untracked(), i18n.language_now()).await {
                Ok(()) => open.set(false),
                Err(why) => problem.set(Some(why)),
            }
        });
    };
    view! {
        <form class="fields" on:submit=submit>
            <p class="muted small">{move || i18n.texts().wallet.import_hint}</p>
            <div class="field">
                <label for="import-text">{move || i18n.texts().wallet.import_text}</label>
                <textarea
                    id="import-text"
                    rows="5"
                    maxlength="10000"
                    autocomplete="off"
                    spellcheck="false"
                    data-testid=ids::KEY_IMPORT_TEXT
                    bind:value=text
                ></textarea>
            </div>
            <FileField text problem />
            <p class="field-error" role="alert" data-testid=ids::KEY_PROBLEM>{move || problem.get()}</p>
            <div class="buttons">
                <button type="submit" class="primary" data-testid=ids::KEY_IMPORT_ACTION>
                    {move || i18n.texts().wallet.import_action}
                </button>
            </div>
        </form>
    }
}

#[component]
fn FileField(text: RwSignal<String>, problem: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |event: leptos::ev::Event| {
        let Some(file) = chosen_file(&event) else { return };
        spawn_local(async move {
            let texts = &i18n.language_now().texts().wallet;
            if file.size() > MAX_FILE {
                return problem.set(Some(texts.import_file_large.into()));
            }
            match JsFuture::from(file.text()).await.ok().and_then(|value| value.as_string()) {
                Some(read) => {
                    problem.set(None);
                    text.set(read);
                }
                None => problem.set(Some(texts.import_file_unreadable.into())),
            }
        });
    };
    view! {
        <div class="field">
            <label for="import-file">{move || i18n.texts().wallet.import_file}</label>
            <input type="file" id="import-file" data-testid=ids::KEY_IMPORT_FILE on:change=choose />
        </div>
    }
}

fn chosen_file(event: &leptos::ev::Event) -> Option<File> {
    event.target()?.dyn_into::<HtmlInputElement>().ok()?.files()?.get(0)
}

/// Checks the text here, where the error can be told in the user's language, then has it added.
async fn import(client: &NodeClient, hex: String, language: Language) -> Result<(), String> {
    PrivateKey::from_hex(&hex).map_err(|error| input_check::key_words(&error, &language.texts().input))?;
    client.import_key(hex).await.map(drop).map_err(|problem| problem::words(&problem, language))
}
