use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::copy_button::CopyButton;
use crate::parts::dialog::Dialog;
use crate::session::use_session;
use crate::wallet::problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::WalletProblem;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// Shows the private key of the key in use, after a warning.
#[component]
pub(crate) fn KeyExport() -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    view! {
        <button type="button" data-testid=ids::KEY_EXPORT on:click=move |_| open.set(true)>
            {move || i18n.texts().wallet.export}
        </button>
        <Dialog
            open
            on_close=move |()| open.set(false)
            title=Signal::derive(move || i18n.texts().wallet.export_title.to_owned())
        >
            <Contents />
        </Dialog>
    }
}

/// The key is asked for when the user says so, and forgotten with the dialog's contents.
#[component]
fn Contents() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let key = session.key();
    let shown = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<WalletProblem>);
    let show = move |_| {
        let Some((client, key)) = session.client().zip(key.get_untracked()) else { return };
        spawn_local(async move {
            match client.export_key(key.address).await {
                Ok(text) => drop(shown.try_set(Some(text.0))),
                Err(why) => drop(problem.try_set(Some(why))),
            }
        });
    };
    let address = move || key.get().map(|key| key.address.to_string());
    view! {
        <p><code class="break">{address}</code></p>
        <p class="callout warn">{move || i18n.texts().wallet.export_warning}</p>
        <Show
            when=move || shown.get().is_some()
            fallback=move || view! {
                <div class="buttons">
                    <button type="button" class="danger" data-testid=ids::KEY_EXPORT_SHOW on:click=show>
                        {move || i18n.texts().wallet.export_show}
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
fn PrivateKeyText(shown: RwSignal<Option<String>>, address: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let text = Signal::derive(move || shown.get().unwrap_or_default());
    let save = move |_| save_file(&format!("{}.txt", address.get_untracked()), &text.get_untracked());
    view! {
        <div class="field">
            <label for="private-key">{move || i18n.texts().wallet.private_key}</label>
            <textarea id="private-key" rows="6" readonly data-testid=ids::PRIVATE_KEY prop:value=text></textarea>
        </div>
        <div class="buttons">
            <CopyButton text />
            <button type="button" class="small" data-testid=ids::KEY_EXPORT_SAVE on:click=save>
                {move || i18n.texts().wallet.export_save}
            </button>
        </div>
    }
}

/// Offers a text as a download. A browser that refuses leaves the text itself to be copied.
fn save_file(name: &str, text: &str) {
    let _ = try_save_file(name, text);
}

fn try_save_file(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&text.into());
    let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&parts)?)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
