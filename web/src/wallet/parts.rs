//! The wallet's parts, of which a phone shows one at a time.

use crate::i18n::use_i18n;
use crate::ids;
use crate::signals::any_signal::AnySignal;
use leptos::prelude::*;

/// A part of the wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The address, and requests for money.
    Receive,
    /// Paying.
    Pay,
    /// What was received and paid.
    History,
}

/// The part that a phone shows; a context of the wallet.
#[derive(Clone, Copy)]
pub(crate) struct WalletPart(AnySignal<Part>);

impl Part {
    const ALL: [Self; 3] = [Self::Receive, Self::Pay, Self::History];

    /// Its name in the document.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Pay => "pay",
            Self::History => "history",
        }
    }
}

impl WalletPart {
    /// The first part.
    pub(crate) fn provide() -> Self {
        let part = Self(AnySignal::new(Part::Receive));
        provide_context(part);
        part
    }

    /// The part shown.
    pub(crate) fn get(self) -> Part {
        self.0.get()
    }

    /// Shows another.
    pub(crate) fn show(self, part: Part) {
        self.0.set(part);
    }
}

/// Chooses the part; styles show it on narrow windows only, as wide ones show all parts.
#[component]
pub(crate) fn PartChoice() -> impl IntoView {
    let i18n = use_i18n();
    let shown = expect_context::<WalletPart>();
    let choice = move |part: Part| {
        let words = move || {
            let texts = i18n.texts();
            match part {
                Part::Receive => texts.receive.title,
                Part::Pay => texts.send.title,
                Part::History => texts.history.title,
            }
        };
        view! {
            <button
                type="button"
                aria-pressed=move || (shown.get() == part).to_string()
                data-testid=ids::WALLET_PART
                data-part=part.name()
                on:click=move |_| shown.show(part)
            >
                {words}
            </button>
        }
    };
    view! { <div class="wallet-parts" role="group" aria-label=i18n.text(|texts| texts.wallet.title)>{Part::ALL.map(choice).collect_view()}</div> }
}
