use crate::explorer::address_text::AddressText;
use crate::explorer::neighbours::Neighbours;
use crate::explorer::payment_flow::PaymentFlow;
use crate::explorer::subject::use_inspector;
use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::route::Subject;
use crate::shapes::fee_level::per_kilobyte;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use node_wasm::messages::TransactionDetails;

/// A payment or a mining reward: what it does, from which coins to which outputs, and its id and size.
#[component]
pub(crate) fn TransactionView(details: TransactionDetails) -> impl IntoView {
    let i18n = use_i18n();
    let id = details.txid.to_string();
    let full_id = id.clone();
    let bytes = details.bytes;
    let neighbours = details.place.map(|place| {
        let [previous, next] = [place.previous, place.next].map(|id| id.map(Subject::Transaction));
        let height = details.block.map_or(0, |(_, height)| height.0);
        let place = Signal::derive(move || (i18n.texts().transaction.in_block)(&i18n.language().number(height.into())));
        view! { <Neighbours previous next place /> }
    });
    view! {
        <div class="details" data-testid=ids::TRANSACTION_DETAILS data-id=id>
            {neighbours}
            <Facts details=details.clone() />
            <PaymentFlow details />
            <details>
                <summary>{i18n.text(|texts| texts.transaction.details)}</summary>
                <dl class="facts">
                    <dt>{i18n.text(|texts| texts.transaction.id)}</dt>
                    <dd><code translate="no" class="break">{full_id}</code></dd>
                    <dt>{i18n.text(|texts| texts.chain.size)}</dt>
                    <dd class="number">{move || i18n.language().bytes(bytes.into())}</dd>
                </dl>
            </details>
        </div>
    }
}

/// A transaction's state in words.
pub(crate) fn progress(details: &TransactionDetails, language: Language) -> String {
    let texts = &language.texts().transaction;
    let Some((_, height)) = details.block else { return texts.waiting.into() };
    let height = language.number(height.0.into());
    match details.confirmations {
        0 => (texts.in_block)(&height),
        n => (texts.confirmed)(&height, &language.plural(texts.confirmations, n.into())),
    }
}

#[component]
fn Facts(details: TransactionDetails) -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let (block, fee, bytes, sender) = (details.block, details.fee, details.bytes, details.sender);
    let time = details.place.map(|place| place.time).filter(|time| time.0 > 0);
    let waits_replaceable = details.block.is_none() && details.replaceable;
    let paid = details.outputs.iter().filter(|output| Some(output.recipient) != sender);
    let paid = Amount::saturating_sum(paid.map(|output| output.amount));
    let amount = move || match paid {
        Amount::ZERO => i18n.texts().transaction.to_self.into(),
        paid => format!("{} FED", i18n.language().amount(paid)),
    };
    let words = move || progress(&details, i18n.language());
    let state = move || match block {
        Some((id, _)) => view! {
            <button type="button" class="plain" on:click=move |_| inspector.show(Subject::Block(id))>{words()}</button>
        }
        .into_any(),
        None => words().into_any(),
    };
    let fee = move || match fee {
        Some(fee) => {
            let rate = Amount::from_units(per_kilobyte(fee.units(), bytes)).unwrap_or(Amount::MAX);
            let rate = (i18n.texts().view.per_kilobyte)(&i18n.language().rounded_amount(rate));
            format!("{} FED ({rate})", i18n.language().amount(fee))
        }
        None => i18n.texts().transaction.unknown.into(),
    };
    view! {
        <p class="payment-amount number">{amount}</p>
        <dl class="facts">
            <dt>{i18n.text(|texts| texts.transaction.state)}</dt>
            <dd>
                {state}
                {waits_replaceable.then(|| view! {
                    <p class="muted">{i18n.text(|texts| texts.transaction.replaceable)}</p>
                })}
            </dd>
            {time.map(|time| view! {
                <dt>{i18n.text(|texts| texts.chain.time)}</dt>
                <dd>{move || clock::date_time(time, i18n.language().code())}</dd>
            })}
            {sender.map(|address| view! {
                <dt>{i18n.text(|texts| texts.transaction.from)}</dt>
                <dd><AddressText address /></dd>
                <dt>{i18n.text(|texts| texts.transaction.fee)}</dt>
                <dd class="number">{fee}</dd>
            })}
        </dl>
    }
}
