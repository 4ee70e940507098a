use crate::i18n::use_i18n;
use crate::route::{Location, View, use_route};
use leptos::prelude::*;

/// Says that the money is worth nothing, and leads to the network's rules.
#[component]
pub(crate) fn AboutLine(
    /// The link's `data-testid`.
    testid: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p>
            {i18n.text(|texts| texts.about.learning)} " "
            <RulesLink testid>{i18n.text(|texts| texts.about.title)}</RulesLink>
        </p>
    }
}

/// A link to the network's rules.
#[component]
pub(crate) fn RulesLink(testid: &'static str, children: Children) -> impl IntoView {
    let (route, rules) = (use_route(), Location::view(View::Rules));
    view! {
        <a
            href=rules.fragment()
            data-testid=testid
            data-view=View::Rules.name()
            on:click=move |event| route.follow(&event, rules)
        >
            {children()}
        </a>
    }
}
