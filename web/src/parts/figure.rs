use leptos::prelude::*;

/// A named value, for a `dl`.
#[component]
pub(crate) fn Figure(
    #[prop(into)] name: Signal<&'static str>,
    /// The value for people.
    #[prop(into)]
    value: Signal<String>,
    /// The value for tests, as `data-value`.
    #[prop(optional, into)]
    raw: MaybeProp<String>,
    #[prop(optional)] testid: &'static str,
) -> impl IntoView {
    let testid = (!testid.is_empty()).then_some(testid);
    view! {
        <div class="figure">
            <dt>{move || name.get()}</dt>
            <dd class="number" translate="no" data-testid=testid data-value=move || raw.get()>{move || value.get()}</dd>
        </div>
    }
}
