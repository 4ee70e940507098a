use crate::ids;
use crate::route::{View, use_route};
use crate::signals::memo::Memo;
use leptos::prelude::*;
use std::time::Duration;

/// Delay before each hidden view is built, after the page and after each other.
const LATER: Duration = Duration::from_millis(150);

/// One view. All views stay in the document, so that none loses typed text; only the current one is visible. Each is
/// built in its own task, because building all at once would delay the first click.
#[component]
pub(crate) fn Stage(of: View, children: ChildrenFn) -> impl IntoView {
    let view = use_route().view();
    let built = RwSignal::new(false);
    let seen = Memo::new(move |_| view.get() == of);
    let turn = View::ALL.iter().position(|view| *view == of).unwrap_or_default() as u32;
    let pause = if seen.get_untracked() { Duration::ZERO } else { LATER * (turn + 1) };
    set_timeout(move || built.set(true), pause);
    Effect::new(move |before: Option<()>| {
        if seen.get() && before.is_some() {
            built.set(true);
        }
    });
    let built = Memo::new(move |_| built.get());
    view! {
        <div
            class=format!("view view-{}", of.name())
            hidden=move || view.get() != of
            data-testid=ids::VIEW
            data-view=of.name()
        >
            {move || built.get().then(|| children())}
        </div>
    }
}
