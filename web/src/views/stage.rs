use crate::ids;
use crate::route::{View, use_route};
use leptos::prelude::*;

/// One view. All stay in the document, so that none forgets what was typed in it; only the current one is seen.
#[component]
pub(crate) fn Stage(
    /// Which.
    of: View,
    /// Its panels.
    children: Children,
) -> impl IntoView {
    let view = use_route().view();
    view! {
        <div
            class=format!("view view-{}", of.name())
            hidden=move || view.get() != of
            data-testid=ids::VIEW
            data-view=of.name()
        >
            {children()}
        </div>
    }
}
