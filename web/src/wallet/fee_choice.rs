use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
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
    let params = use_session();
    let spacing = move || params.params().map_or(0, |params| params.spacing_ms);
    let words = move || {
        let (quote, language) = (quote.get()?, i18n.language());
        let wait = wait_words(quote.wait, spacing(), language);
        let texts = &language.texts().fee;
        let expected = (texts.expected)(&wait);
        Some(if wait_only { expected } else { format!("{} {expected}", (texts.quoted)(&language.amount(quote.fee))) })
    };
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
            {words}
        </p>
    }
}

/// A wait in blocks, in words; `spacing` is the block interval in milliseconds.
fn wait_words(blocks: Option<u32>, spacing: u64, language: Language) -> String {
    let texts = &language.texts().fee;
    let Some(blocks) = blocks else { return texts.wait_long.into() };
    let seconds = (u64::from(blocks) * spacing).div_ceil(1000);
    let time = match seconds {
        0..100 => (texts.about_seconds)(&language.number(seconds)),
        _ => (texts.about_minutes)(&language.number(seconds.div_ceil(60))),
    };
    match blocks {
        1 => (texts.wait_next)(&time),
        _ => (texts.wait_blocks)(&language.number(blocks.into()), &time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn waits_are_shown_in_blocks_and_time() {
        let words = |blocks, spacing| wait_words(blocks, spacing, Language::English);
        assert_eq!(words(Some(1), 10_000), "in the next block (about 10\u{a0}s)");
        assert_eq!(words(Some(10), 10_001), "within 10 blocks (about 2\u{a0}min)");
        assert!(words(None, 1).contains("later"));
    }
}
