use crate::i18n::use_i18n;
use crate::ids;
use crate::news::use_news;
use leptos::prelude::*;

/// Whether news sound.
#[component]
pub(crate) fn SoundChoice() -> impl IntoView {
    let i18n = use_i18n();
    let chime = use_news().chime;
    view! {
        <label class="choice">
            <input
                type="checkbox"
                data-testid=ids::SOUND
                prop:checked=move || chime.is_on().get()
                on:change=move |event| chime.switch(event_target_checked(&event))
            />
            <span>{i18n.text(|texts| texts.news.sound)}</span>
        </label>
    }
}
