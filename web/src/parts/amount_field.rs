use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::input_check;
use crate::signals::memo::Memo;
use fedcoin_node::units::Amount;
use leptos::prelude::*;

/// A field for an amount of FED with its error. Its id is also its `data-testid`; the error's has the suffix `-error`.
#[component]
pub(crate) fn AmountField(
    id: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    text: RwSignal<String>,
    /// The error of the text, if any.
    #[prop(into)]
    error: Signal<Option<String>>,
    #[prop(optional, into)] placeholder: MaybeProp<String>,
    #[prop(optional, into)] on_typed: Option<Callback<()>>,
    /// Content beside the label.
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
            <Meanings text />
        </div>
    }
}

/// Has the user choose where what was typed may mean two amounts.
#[component]
fn Meanings(text: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let meanings = Memo::new(move |_| text.with(|text| input_check::meanings(text, i18n.language())));
    let choice = move |amount: Amount| {
        let language = i18n.language();
        view! {
            <button
                type="button"
                class="small number"
                data-testid=ids::AMOUNT_MEANING
                data-value=amount.to_string()
                on:click=move |_| text.set(language.plain_amount(amount))
            >
                {format!("{} FED", language.plain_amount(amount))}
            </button>
        }
    };
    move || meanings.get().map(|both| view! { <div class="buttons">{both.map(choice).collect_view()}</div> })
}
