use crate::i18n::use_i18n;
use crate::ids;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::wait;
use leptos::prelude::*;
use node_wasm::messages::Quote;

/// The urgency of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Haste {
    /// Within the next 10 blocks.
    Economic,
    /// Within the next 3 blocks.
    Usual,
    /// In the next block.
    Urgent,
    /// The payer enters the fee.
    Own,
}

impl Haste {
    const ALL: [Self; 4] = [Self::Economic, Self::Usual, Self::Urgent, Self::Own];

    const fn name(self) -> &'static str {
        match self {
            Self::Economic => "economic",
            Self::Usual => "usual",
            Self::Urgent => "urgent",
            Self::Own => "own",
        }
    }
}

/// Chooses the fee by the expected wait.
#[component]
pub(crate) fn FeeChoiceField(haste: AnySignal<Haste>) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |this: Haste| {
        let words = move || {
            let texts = &i18n.texts().fee;
            match this {
                Haste::Economic => texts.economic,
                Haste::Usual => texts.usual,
                Haste::Urgent => texts.urgent,
                Haste::Own => texts.own,
            }
        };
        view! {
            <label class="fee-option">
                <input
                    type="radio"
                    name="fee"
                    data-testid=ids::FEE_CHOICE
                    value=this.name()
                    prop:checked=move || haste.get() == this
                    on:change=move |_| haste.set(this)
                />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="fee-choice">
            <legend>{i18n.text(|texts| texts.fee.choice)}</legend>
            <div class="fee-options">{Haste::ALL.map(option).collect_view()}</div>
        </fieldset>
    }
}

/// A fee, and the expected wait.
#[component]
pub(crate) fn QuoteLine(
    /// The quote, once known.
    #[prop(into)]
    quote: Signal<Option<Quote>>,
    /// Whether the fee itself is shown elsewhere.
    #[prop(optional)]
    wait_only: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let outlook = wait::outlook(use_session());
    let words = Memo::new(move |_| {
        let (quote, language) = (quote.get()?, i18n.language());
        let expected = wait::words(quote.wait, outlook.get()?, language);
        let texts = &language.texts().fee;
        Some(if wait_only { expected } else { format!("{} {expected}", (texts.quoted)(&language.amount(quote.fee))) })
    });
    let blocks = move || quote.get().and_then(|quote| quote.wait).map(|blocks| blocks.to_string());
    let fee = move || quote.get().map(|quote| quote.fee.to_string());
    view! {
        <p
            class="muted small number"
            aria-live="polite"
            data-testid=ids::FEE_QUOTE
            data-value=fee
            data-blocks=blocks
        >
            {move || words.get()}
        </p>
    }
}
