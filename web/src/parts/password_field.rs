use leptos::prelude::*;

/// A field for a passphrase. The caller clears the text.
#[component]
pub(crate) fn PasswordField(
    id: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    text: RwSignal<String>,
    testid: &'static str,
    /// Whether the user chooses a new passphrase.
    #[prop(optional)]
    new: bool,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{move || label.get()}</label>
            <input
                type="password"
                id=id
                maxlength="1000"
                autocomplete=if new { "new-password" } else { "current-password" }
                data-testid=testid
                bind:value=text
            />
        </div>
    }
}
