use crate::ids;
use crate::route::{View, use_route};
use crate::signals::memo::Memo;
use leptos::prelude::*;
use std::time::Duration;

/// The views out of sight are built so long after the page, and after each other.
const LATER: Duration = Duration::from_millis(150);

/// One view. All stay in the document, so that none forgets what was typed in it; only the current one is seen.
/// Each is built in a task of its own: all at once would keep the first click waiting.
#[component]
pub(crate) fn Stage(
    /// Which.
    of: View,
    /// Its panels.
    children: ChildrenFn,
) -> impl IntoView {
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
