use crate::explorer::subject::use_inspector;
use crate::i18n::use_i18n;
use crate::ids;
use crate::route::Subject;
use crate::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::Found;

/// Searches blocks, payments and addresses.
#[component]
pub(crate) fn BlockSearch() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let inspector = use_inspector();
    let text = RwSignal::new(String::new());
    let nothing = RwSignal::new(false);
    let find = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let wanted = text.get_untracked().trim().to_owned();
        let Some(client) = session.client() else { return };
        if wanted.is_empty() {
            return;
        }
        spawn_local(async move {
            let found = client.find(wanted).await;
            nothing.set(matches!(found, Ok(Found::Nothing)));
            match found {
                Ok(Found::Block(id)) => inspector.show(Subject::Block(id)),
                Ok(Found::Transaction(id)) => inspector.show(Subject::Transaction(id)),
                Ok(Found::Address(address)) => inspector.show(Subject::Address(address)),
                Ok(Found::Nothing) | Err(_) => {}
            }
        });
    };
    view! {
        <form class="search" role="search" on:submit=find>
            <input
                type="text"
                aria-label=i18n.text(|texts| texts.chain.find)
                placeholder=i18n.text(|texts| texts.chain.find_hint)
                autocomplete="off"
                spellcheck="false"
                maxlength="200"
                data-testid=ids::FIND_TEXT
                bind:value=text
                on:input=move |_| nothing.set(false)
            />
            <button type="submit" class="small" data-testid=ids::FIND>{i18n.text(|texts| texts.chain.find_action)}</button>
            <p class="search-answer small" role="status" data-testid=ids::FIND_ANSWER>
                {move || nothing.get().then(|| i18n.texts().chain.found_nothing)}
            </p>
        </form>
    }
}
