use crate::i18n::{I18n, use_i18n};
use crate::parts::amount_field::AmountField;
use crate::parts::input_check;
use crate::signals::memo::Memo;
use leptos::prelude::*;
use node_wasm::messages::Quote;

/// The user's confirmation of a high fee.
#[derive(Clone, Copy)]
pub(crate) struct HighFee {
    quote: Signal<Option<Quote>>,
    typed: RwSignal<String>,
    i18n: I18n,
}

impl HighFee {
    /// Watches the fee about to be paid.
    pub(crate) fn new(quote: Signal<Option<Quote>>) -> Self {
        let typed = RwSignal::new(String::new());
        let fee = Memo::new(move |_| quote.get().map(|quote| quote.fee));
        // A confirmation applies to one fee only.
        Effect::new(move |_| {
            fee.get();
            typed.set(String::new());
        });
        Self { quote, typed, i18n: use_i18n() }
    }

    /// Whether the fee may be paid: it is not high, or the user has typed it.
    pub(crate) fn is_agreed(self) -> bool {
        let language = self.i18n.language();
        let typed = self.typed.with(|text| input_check::amount(text, language).ok());
        self.quote.get().is_none_or(|quote| !quote.is_high || typed == Some(quote.fee))
    }
}

/// Asks the user to type a high fee again. Shows nothing for any other fee.
#[component]
pub(crate) fn HighFeeField(required: HighFee, id: &'static str) -> impl IntoView {
    let HighFee { quote, typed, i18n } = required;
    let is_high = Memo::new(move |_| quote.get().is_some_and(|quote| quote.is_high));
    let words = move || {
        let (quote, language) = (quote.get()?, i18n.language());
        Some((language.texts().fee.high)(&language.amount(quote.fee), &language.amount(quote.amount)))
    };
    view! {
        <Show when=move || is_high.get()>
            <p class="callout warn">{words}</p>
            <AmountField
                id
                label=Signal::derive(i18n.text(|texts| texts.fee.high_again))
                text=typed
                error=Signal::derive(|| None::<String>)
            />
        </Show>
    }
}
