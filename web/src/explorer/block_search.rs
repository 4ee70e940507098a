use crate::explorer::subject::use_inspector;
use crate::i18n::{short, use_i18n};
use crate::ids;
use crate::route::Subject;
use crate::session::{Phase, use_session};
use crate::shapes::search_text::tidy;
use crate::signals::any_signal::AnySignal;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{Found, Nearest};

/// What a search that did not open anything says.
#[derive(Clone, Copy, PartialEq)]
enum Answer {
    /// Several things fit: the newest of them.
    Several(Nearest),
    /// Nothing fits: the most similar.
    Near(Nearest),
    Nothing,
    NotRunning,
}

/// Searches blocks, payments and addresses.
#[component]
pub(crate) fn BlockSearch() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let inspector = use_inspector();
    let text = RwSignal::new(String::new());
    let answer = AnySignal::new(None::<Answer>);
    let find = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let wanted = tidy(&text.get_untracked());
        if wanted.is_empty() {
            return;
        }
        let Some(client) = session.client().filter(|_| session.phase_now() == Phase::Running) else {
            return answer.set(Some(Answer::NotRunning));
        };
        spawn_local(async move {
            let found = client.find(wanted).await.map_or(Err(Answer::NotRunning), open_or_tell);
            answer.set(found.err());
            if let Ok(subject) = found {
                inspector.show(subject);
            }
        });
    };
    let words = move || {
        let texts = &i18n.texts().chain;
        Some(match answer.get()? {
            Answer::Several(_) => texts.found_several,
            Answer::Near(_) => texts.found_near,
            Answer::Nothing => texts.found_nothing,
            Answer::NotRunning => texts.find_starting,
        })
    };
    let nearest = move || match answer.get()? {
        Answer::Several(nearest) | Answer::Near(nearest) => Some(view! { <NearestLink nearest answer /> }),
        Answer::Nothing | Answer::NotRunning => None,
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
                on:input=move |_| answer.set(None)
            />
            <button type="submit" class="small" data-testid=ids::FIND>{i18n.text(|texts| texts.chain.find_action)}</button>
            <p class="search-answer small" role="status" data-testid=ids::FIND_ANSWER>{words} {nearest}</p>
        </form>
    }
}

/// What to open, or what to say instead.
fn open_or_tell(found: Found) -> Result<Subject, Answer> {
    match found {
        Found::Block(id) => Ok(Subject::Block(id)),
        Found::Transaction(id) => Ok(Subject::Transaction(id)),
        Found::Address(address) => Ok(Subject::Address(address)),
        Found::Several(nearest) => Err(Answer::Several(nearest)),
        Found::Near(nearest) => Err(Answer::Near(nearest)),
        Found::Nothing => Err(Answer::Nothing),
    }
}

/// Opens what is nearest to the search.
#[component]
fn NearestLink(nearest: Nearest, answer: AnySignal<Option<Answer>>) -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let subject = match nearest {
        Nearest::Block(id, _) => Subject::Block(id),
        Nearest::Transaction(id) => Subject::Transaction(id),
        Nearest::Address(address) => Subject::Address(address),
    };
    let name = move || match nearest {
        Nearest::Block(_, height) => (i18n.texts().chain.block)(&i18n.language().number(height.0.into())),
        Nearest::Transaction(id) => short(&id.to_string()),
        Nearest::Address(address) => short(&address.to_string()),
    };
    let open = move |_| {
        answer.set(None);
        inspector.show(subject);
    };
    view! {
        " "
        <button type="button" class="plain" data-testid=ids::FIND_NEAREST on:click=open>{name}</button>
    }
}
