use crate::i18n::{short, use_i18n};
use crate::ids;
use crate::session::{UndonePayment, use_session};
use crate::signals::memo::Memo;
use fedcoin_node::primitives::{Address, Output, Payment};
use fedcoin_node::units::Amount;
use leptos::prelude::*;

/// Payments from and to own keys that were confirmed, and that a reorganisation undid for good. Every view shows them,
/// because coins are missing.
#[component]
pub(crate) fn UndonePayments() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let undone = Memo::new(move |_| session.undone_payments());
    let item = move |undone: UndonePayment| {
        let (amount, recipient) = paid(&undone.payment);
        let (txid, reason) = (undone.payment.txid().to_string(), undone.reason.name());
        let words = move || {
            let language = i18n.language();
            let recipient = recipient.map(|address| short(&address.to_string())).unwrap_or_default();
            (language.texts().operation.undone)(
                &language.amount(amount),
                &recipient,
                &language.drop_reason(&undone.reason),
            )
        };
        view! { <li data-testid=ids::UNDONE_PAYMENT data-id=txid data-reason=reason>{words}</li> }
    };
    let more = move || {
        let more = undone.with(|undone| undone.more);
        (more > 0).then(|| (i18n.texts().transaction.mempool_more)(&i18n.language().number(more)))
    };
    view! {
        <Show when=move || !undone.with(|undone| undone.newest.is_empty())>
            <div class="reorganisations" role="alert" data-testid=ids::UNDONE_PAYMENTS>
                <ul>
                    {move || undone.get().newest.into_iter().map(item).collect_view()}
                    {move || more().map(|words| view! { <li>{words}</li> })}
                </ul>
                <button type="button" class="small" on:click=move |_| session.dismiss_undone_payments()>
                    {i18n.text(|texts| texts.chain.dismiss)}
                </button>
            </div>
        </Show>
    }
}

/// The amount of a payment and its recipient, without the sender's change, unless there is nothing else.
fn paid(payment: &Payment) -> (Amount, Option<Address>) {
    let unsigned = &payment.unsigned;
    let sender = unsigned.sender.address();
    let paid: Vec<&Output> = unsigned.outputs.iter().filter(|output| output.recipient != sender).collect();
    let paid = if paid.is_empty() { unsigned.outputs.iter().collect() } else { paid };
    let amount = Amount::saturating_sum(paid.iter().map(|output| output.amount));
    (amount, paid.first().map(|output| output.recipient))
}
