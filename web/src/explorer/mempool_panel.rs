use crate::explorer::address_text::AddressText;
use crate::explorer::block_view::TransactionLink;
use crate::i18n::use_i18n;
use crate::ids;
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use node_wasm::messages::PaymentSummary;

/// Payments in the mempool.
#[component]
pub(crate) fn MempoolPanel() -> impl IntoView {
    let i18n = use_i18n();
    let pool = use_session().part(|state| state.mempool.clone());
    let payments = Memo::new(move |_| pool.get().map(|pool| pool.payments).unwrap_or_default());
    let count = Memo::new(move |_| pool.get().map_or(0, |pool| pool.count));
    let sum = move || {
        let pool = pool.get().filter(|pool| pool.count > 0)?;
        let language = i18n.language();
        Some((i18n.texts().transaction.mempool_sum)(&language.payments(pool.count), &language.bytes(pool.bytes)))
    };
    let more = move || {
        let hidden = u64::from(count.get()).saturating_sub(payments.with(Vec::len) as u64);
        (hidden > 0).then(|| (i18n.texts().transaction.mempool_more)(&i18n.language().number(hidden)))
    };
    view! {
        <section class="panel" aria-labelledby="mempool-title">
            <div class="panel-head">
                <h2 id="mempool-title">{i18n.text(|texts| texts.transaction.mempool)}</h2>
                <p class="muted small number">{sum}</p>
            </div>
            <Show when=move || count.get() == 0>
                <p class="muted">{i18n.text(|texts| texts.transaction.mempool_none)}</p>
            </Show>
            <ul class="rows mempool" data-testid=ids::MEMPOOL>
                <For
                    each=move || payments.get()
                    key=|payment| payment.txid.0
                    children=|payment| view! { <Row payment /> }
                />
            </ul>
            <p class="muted small">{more}</p>
        </section>
    }
}

#[component]
fn Row(payment: PaymentSummary) -> impl IntoView {
    let i18n = use_i18n();
    let fee = move || {
        let fee = payment.fee.filter(|fee| fee.units() > 0)?;
        Some(format!("{} {} FED", i18n.texts().transaction.fee, i18n.language().amount(fee)))
    };
    let paid = move || match payment.paid {
        Amount::ZERO => i18n.texts().transaction.to_self.into(),
        paid => format!("{} FED", i18n.language().amount(paid)),
    };
    view! {
        <li class="row" data-testid=ids::MEMPOOL_PAYMENT data-id=payment.txid.to_string()>
            <TransactionLink id=payment.txid />
            <AddressText address=payment.sender />
            <span class="row-end">
                <span class="muted small number">{fee}</span>
                " "
                <span class="number">{paid}</span>
            </span>
        </li>
    }
}
