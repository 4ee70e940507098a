use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::format::short;
use crate::session::{Session, UndonePayment, use_session};
use fedcoin_node::primitives::{Address, Output};
use fedcoin_node::units::Amount;
use leptos::prelude::*;

/// Payments from and to one's own keys that were confirmed and that a reorganisation has undone for good.
#[component]
pub(crate) fn UndonePayments() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let undone = own_payments(session);
    let item = move |(told, amount, recipient): (UndonePayment, Amount, Option<Address>)| {
        let (txid, reason) = (told.payment.txid().to_string(), told.reason.name());
        let words = move || {
            let language = i18n.language();
            let recipient = recipient.map(|address| short(&address.to_string())).unwrap_or_default();
            (language.texts().operation.undone)(
                &language.amount(amount),
                &recipient,
                &language.drop_reason(&told.reason),
            )
        };
        view! { <li data-testid=ids::UNDONE_PAYMENT data-id=txid data-reason=reason>{words}</li> }
    };
    view! {
        <div role="alert">
            <Show when=move || !undone.with(Vec::is_empty)>
                <div class="reorganisations">
                    <ul>{move || undone.get().into_iter().map(item).collect_view()}</ul>
                    <button type="button" class="small" on:click=move |_| session.dismiss_undone_payments()>
                        {i18n.text(|texts| texts.chain.dismiss)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// Those payments, with what they paid to whom: the sender's change does not count, unless there is nothing else.
fn own_payments(session: Session) -> Memo<Vec<(UndonePayment, Amount, Option<Address>)>> {
    Memo::new(move |_| {
        let with_amount = |told: UndonePayment| {
            let unsigned = &told.payment.unsigned;
            let sender = unsigned.sender.address();
            let paid: Vec<&Output> = unsigned.outputs.iter().filter(|output| output.recipient != sender).collect();
            let paid = if paid.is_empty() { unsigned.outputs.iter().collect() } else { paid };
            let amount = Amount::checked_sum(paid.iter().map(|output| output.amount)).unwrap_or(Amount::MAX);
            let recipient = paid.first().map(|output| output.recipient);
            (told, amount, recipient)
        };
        session.undone_payments().into_iter().map(with_amount).collect()
    })
}
