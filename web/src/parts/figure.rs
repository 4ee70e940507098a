use leptos::prelude::*;

/// A value with its name, for a `dl`.
#[component]
pub(crate) fn Figure(
    /// Its name.
    #[prop(into)]
    name: Signal<&'static str>,
    /// The value as people read it.
    #[prop(into)]
    value: Signal<String>,
    /// The value for tests: `data-value`.
    #[prop(optional, into)]
    raw: MaybeProp<String>,
    /// `data-testid`.
    #[prop(optional)]
    testid: &'static str,
) -> impl IntoView {
    let testid = (!testid.is_empty()).then_some(testid);
    view! {
        <div class="figure">
            <dt>{move || name.get()}</dt>
            <dd class="number" data-testid=testid data-value=move || raw.get()>{move || value.get()}</dd>
        </div>
    }
}
