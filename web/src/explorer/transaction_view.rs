use crate::explorer::address_text::AddressText;
use crate::explorer::subject::use_inspector;
use crate::i18n::{Language, short, use_i18n};
use crate::ids;
use crate::route::Subject;
use fedcoin_node::primitives::{Address, OutPoint, Output};
use leptos::prelude::*;
use node_wasm::messages::TransactionDetails;

/// A payment or a mining reward in full.
#[component]
pub(crate) fn TransactionView(details: TransactionDetails) -> impl IntoView {
    let i18n = use_i18n();
    let id = details.txid.to_string();
    let (inputs, outputs, sender) = (details.inputs.clone(), details.outputs.clone(), details.sender);
    view! {
        <div class="details" data-testid=ids::TRANSACTION_DETAILS data-id=id>
            <Facts details />
            <h3>{i18n.text(|texts| texts.transaction.inputs)}</h3>
            <Inputs inputs />
            <h3>{i18n.text(|texts| texts.transaction.outputs)}</h3>
            <Outputs outputs sender />
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
    let (block, fee, bytes) = (details.block, details.fee, details.bytes);
    let id = details.txid.to_string();
    let sender = details.sender;
    let waits_replaceable = details.block.is_none() && details.replaceable;
    let words = move || progress(&details, i18n.language());
    let state = move || match block {
        Some((id, _)) => view! {
            <button type="button" class="plain" on:click=move |_| inspector.show(Subject::Block(id))>{words()}</button>
        }
        .into_any(),
        None => words().into_any(),
    };
    let fee = move || match fee {
        Some(fee) => format!("{} FED", i18n.language().amount(fee)),
        None => i18n.texts().transaction.unknown.into(),
    };
    view! {
        <dl class="facts">
            <dt>{i18n.text(|texts| texts.transaction.id)}</dt>
            <dd><code translate="no" class="break">{id}</code></dd>
            <dt>{i18n.text(|texts| texts.transaction.state)}</dt>
            <dd>
                {state}
                {waits_replaceable.then(|| view! {
                    <p class="muted">{i18n.text(|texts| texts.transaction.replaceable)}</p>
                })}
            </dd>
            {sender.map(|address| view! {
                <dt>{i18n.text(|texts| texts.transaction.from)}</dt>
                <dd><AddressText address /></dd>
                <dt>{i18n.text(|texts| texts.transaction.fee)}</dt>
                <dd class="number">{fee}</dd>
            })}
            <dt>{i18n.text(|texts| texts.chain.size)}</dt>
            <dd class="number">{move || i18n.language().bytes(bytes.into())}</dd>
        </dl>
    }
}

#[component]
fn Inputs(inputs: Vec<(OutPoint, Option<Output>)>) -> impl IntoView {
    let i18n = use_i18n();
    if inputs.is_empty() {
        return view! { <p class="muted">{i18n.text(|texts| texts.transaction.new_coins)}</p> }.into_any();
    }
    let item = |(outpoint, output): (OutPoint, Option<Output>)| {
        let name = format!("{}:{}", short(&outpoint.txid.to_string()), outpoint.index);
        let amount = move || match output {
            Some(output) => format!("{} FED", i18n.language().amount(output.amount)),
            None => i18n.texts().transaction.unknown.into(),
        };
        let inspector = use_inspector();
        view! {
            <li class="output">
                <button
                    type="button"
                    class="plain"
                    on:click=move |_| inspector.show(Subject::Transaction(outpoint.txid))
                >
                    <code translate="no">{name}</code>
                </button>
                <span class="number">{amount}</span>
            </li>
        }
    };
    view! { <ul class="outputs">{inputs.into_iter().map(item).collect_view()}</ul> }.into_any()
}

#[component]
fn Outputs(outputs: Vec<Output>, sender: Option<Address>) -> impl IntoView {
    let i18n = use_i18n();
    let item = |output: Output| {
        let change = (sender == Some(output.recipient))
            .then(|| view! { <span class="chip">{i18n.text(|texts| texts.transaction.change)}</span> });
        view! {
            <li class="output">
                <span class="address"><AddressText address=output.recipient /> {change}</span>
                <span class="number">{move || format!("{} FED", i18n.language().amount(output.amount))}</span>
            </li>
        }
    };
    view! { <ul class="outputs">{outputs.into_iter().map(item).collect_view()}</ul> }
}
