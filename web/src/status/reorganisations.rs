use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::clock::use_clock;
use crate::session::{Reorganisation, use_session};
use crate::status::event_text::reorganisation;
use leptos::prelude::*;

/// The notice of reorganisations.
#[component]
pub(crate) fn Reorganisations() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let clock = use_clock();
    let item = move |shown: Reorganisation| {
        let words = move || reorganisation(&shown.tip, &shown.course, i18n.language());
        let tip = shown.tip.id.to_string();
        view! {
            <li data-testid=ids::REORGANISATION data-id=tip>
                {words} " · " <span class="small" aria-live="off">{move || i18n.language().age(shown.time, clock.time())}</span>
            </li>
        }
    };
    view! {
        <div role="status">
            <Show when=move || !session.reorganisations().is_empty()>
                <div class="reorganisations">
                    <ul>{move || session.reorganisations().into_iter().map(item).collect_view()}</ul>
                    <button type="button" class="small" on:click=move |_| session.dismiss_reorganisations()>
                        {i18n.text(|texts| texts.chain.dismiss)}
                    </button>
                </div>
            </Show>
        </div>
    }
}
