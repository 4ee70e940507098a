use crate::i18n::use_i18n;
use crate::ids;
use crate::news::sound_choice::SoundChoice;
use crate::parts::clock;
use crate::parts::raw_words::RawWords;
use crate::session::log::Entry;
use crate::session::use_session;
use crate::status::event_text::{Tone, raw, tone, words};
use leptos::prelude::*;

/// Events since the page was opened.
#[component]
pub(crate) fn EventLog() -> impl IntoView {
    let i18n = use_i18n();
    let log = use_session().log();
    view! {
        <section class="panel" aria-labelledby="log-title">
            <h2 id="log-title">{i18n.text(|texts| texts.log.title)}</h2>
            <SoundChoice />
            <Show when=move || log.entries().is_empty()>
                <p class="muted">{i18n.text(|texts| texts.log.none)}</p>
            </Show>
            <ol class="log" tabindex="0" aria-labelledby="log-title" data-testid=ids::LOG>
                <For each=move || log.entries() key=|entry| entry.number children=|entry| view! { <Line entry /> } />
            </ol>
        </section>
    }
}

#[component]
fn Line(entry: Entry) -> impl IntoView {
    let i18n = use_i18n();
    let class = match tone(&entry.what) {
        Tone::Plain => "log-entry",
        Tone::Good => "log-entry log-good",
        Tone::Bad => "log-entry log-bad",
    };
    let (time, said) = (entry.time, raw(&entry.what));
    view! {
        <li class=class data-testid=ids::LOG_ENTRY>
            <span class="log-time muted number">{move || clock::time_of_day(time, i18n.language().code())}</span>
            <span class="break">{move || words(&entry.what, i18n.language())} <RawWords raw=said /></span>
        </li>
    }
}
