use leptos::prelude::*;

/// A field for an amount of FED with what is wrong with it. Its id is its `data-testid` too; the error's has `-error`
/// behind it.
#[component]
pub(crate) fn AmountField(
    /// Its id.
    id: &'static str,
    /// What it is for.
    #[prop(into)]
    label: Signal<&'static str>,
    /// What is typed in it.
    text: RwSignal<String>,
    /// What is wrong with that.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// What it shows while it is empty.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
    /// The user types.
    #[prop(optional, into)]
    on_typed: Option<Callback<()>>,
    /// What stands beside the label.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <div class="label-line">
                <label for=id>{move || label.get()}</label>
                {children.map(|children| children())}
            </div>
            <input
                type="text"
                id=id
                class="number"
                inputmode="decimal"
                autocomplete="off"
                maxlength="40"
                placeholder=move || placeholder.get()
                aria-describedby=error_id.clone()
                aria-invalid=move || error.with(Option::is_some).to_string()
                data-testid=id
                bind:value=text
                on:input=move |_| if let Some(typed) = on_typed { typed.run(()) }
            />
            <p class="field-error" id=error_id.clone() aria-live="polite" data-testid=error_id>
                {move || error.get()}
            </p>
        </div>
    }
}
