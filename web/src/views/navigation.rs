use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::route::{Location, View, use_route};
use leptos::prelude::*;

/// Links to the views.
#[component]
pub(crate) fn Navigation() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="navigation" aria-label=i18n.text(|texts| texts.view.navigation)>
            {View::MAIN.map(|to| view! { <ViewLink to /> }).collect_view()}
        </nav>
    }
}

#[component]
fn ViewLink(to: View) -> impl IntoView {
    let i18n = use_i18n();
    let route = use_route();
    let view = route.view();
    let location = Location::view(to);
    view! {
        <a
            class="navigation-link"
            href=location.fragment()
            data-testid=ids::VIEW_LINK
            data-view=to.name()
            aria-current=move || (view.get() == to).then_some("page")
            on:click=move |event| route.follow(&event, location)
        >
            <svg class="icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
                <path d=icon(to) />
            </svg>
            <span>{move || view_name(to, i18n.texts())}</span>
        </a>
    }
}

/// A view's name.
pub(crate) const fn view_name(view: View, texts: &Texts) -> &'static str {
    let (texts, rules) = (&texts.view, texts.about.rules_view);
    match view {
        View::Overview => texts.overview,
        View::Blocks => texts.blocks,
        View::Wallet => texts.wallet,
        View::Mining => texts.mining,
        View::Node => texts.node,
        View::Rules => rules,
    }
}

/// Lines in a field of 24 by 24.
const fn icon(view: View) -> &'static str {
    match view {
        View::Overview => "M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z",
        View::Blocks => "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5l8-4.5M12 12v9",
        View::Wallet => "M4 7h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM4 7l11-3v3M20 12h-5a2 2 0 0 0 0 4h5",
        View::Mining => "M5 20L15 9M8 5c5-2 10 1 12 8c-3-4-7-6-12-8z",
        View::Node => {
            "M12 7a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5zM5.5 21a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5zM18.5 21a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5zM11 7l-4.3 9M13 7l4.3 9M8 18.5h8"
        }
        // It is not in the navigation.
        View::Rules => "",
    }
}
