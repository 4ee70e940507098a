use crate::i18n::use_i18n;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use node_wasm::messages::HistoryEntry;

/// What a transaction adds to a balance or takes from it; a fee in that is named.
#[component]
pub(crate) fn BalanceChange(
    /// The transaction.
    entry: HistoryEntry,
) -> impl IntoView {
    let i18n = use_i18n();
    let (adds, takes) = entry.change();
    let (sign, class, change) = match (adds, takes) {
        (Amount::ZERO, Amount::ZERO) => ("", "number muted", adds),
        (Amount::ZERO, _) => ("−", "number", takes),
        _ => ("+", "number good", adds),
    };
    let fee = move || {
        (entry.fee > Amount::ZERO).then(|| {
            let words = (i18n.texts().payment_list.with_fee)(&i18n.language().amount(entry.fee));
            view! { <span class="muted small number">{words}</span> }
        })
    };
    view! {
        <span class="row-end balance-change">
            <span class=class>{move || format!("{sign}{} FED", i18n.language().amount(change))}</span>
            {fee}
        </span>
    }
}
