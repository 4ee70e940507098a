use crate::explorer::subject::use_inspector;
use crate::i18n::use_i18n;
use crate::ids;
use crate::route::Subject;
use leptos::prelude::*;

/// Buttons to the subjects before and after this one, also reached with the arrow keys. A button that leads nowhere keeps
/// the focus: the way back is beside it.
#[component]
pub(crate) fn Neighbours(
    previous: Option<Subject>,
    next: Option<Subject>,
    /// What stands between the buttons.
    place: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let go = move |to: Option<Subject>| {
        if let Some(to) = to {
            inspector.show(to);
        }
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
        match event.key().as_str() {
            _ if has_modifier || event.default_prevented() => {}
            "ArrowLeft" => go(previous),
            "ArrowRight" => go(next),
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <div class="neighbours">
            <button
                type="button"
                class="small"
                data-testid=ids::PREVIOUS
                aria-disabled=previous.is_none().to_string()
                on:click=move |_| go(previous)
            >
                "‹ " {i18n.text(|texts| texts.view.before)}
            </button>
            <span class="muted small number">{move || place.get()}</span>
            <button type="button" class="small" data-testid=ids::NEXT aria-disabled=next.is_none().to_string() on:click=move |_| go(next)>
                {i18n.text(|texts| texts.view.after)} " ›"
            </button>
        </div>
    }
}
