use crate::explorer::address_text::AddressText;
use crate::explorer::subject::use_inspector;
use crate::i18n::{short, use_i18n};
use crate::route::Subject;
use crate::shapes::flow::{ROW, curves};
use fedcoin_node::primitives::{Address, OutPoint, Output};
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use node_wasm::messages::TransactionDetails;

/// Width of the arrows.
const WIDTH: u32 = 64;

/// The coins that a transaction spends, with arrows to what it pays: recipients, change, fee.
#[component]
pub(crate) fn PaymentFlow(details: TransactionDetails) -> impl IntoView {
    let i18n = use_i18n();
    let TransactionDetails { inputs, outputs, sender, fee, .. } = details;
    let fee = fee.filter(|fee| *fee > Amount::ZERO);
    let (left, right) = (inputs.len().max(1), outputs.len() + usize::from(fee.is_some()));
    let height = left.max(right) as u32 * ROW;
    let fee_row = fee.map(|fee| {
        view! {
            <li class="flow-row flow-fee">
                <span>{i18n.text(|texts| texts.transaction.fee)}</span>
                <span class="number">{move || format!("{} FED", i18n.language().amount(fee))}</span>
            </li>
        }
    });
    view! {
        <div class="flow">
            <div>
                <h3>{i18n.text(|texts| texts.transaction.inputs)}</h3>
                <ul class="flow-side">{coins(inputs)}</ul>
            </div>
            <svg
                class="flow-arrows"
                width=WIDTH
                height=height
                viewBox=format!("0 0 {WIDTH} {height}")
                aria-hidden="true"
            >
                <path d=curves(left, right, WIDTH) />
            </svg>
            <div>
                <h3>{i18n.text(|texts| texts.transaction.outputs)}</h3>
                <ul class="flow-side">
                    {outputs.into_iter().map(|output| view! { <OutputRow output sender /> }).collect_view()} {fee_row}
                </ul>
            </div>
        </div>
    }
}

/// The spent coins; new money has none.
fn coins(inputs: Vec<(OutPoint, Option<Output>)>) -> AnyView {
    let i18n = use_i18n();
    if inputs.is_empty() {
        return view! { <li class="flow-row">{i18n.text(|texts| texts.transaction.new_coins)}</li> }.into_any();
    }
    let inspector = use_inspector();
    let row = move |(outpoint, output): (OutPoint, Option<Output>)| {
        let name = format!("{}:{}", short(&outpoint.txid.to_string()), outpoint.index);
        let amount = move || match output {
            Some(output) => format!("{} FED", i18n.language().amount(output.amount)),
            None => i18n.texts().transaction.unknown.into(),
        };
        view! {
            <li class="flow-row">
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
    inputs.into_iter().map(row).collect_view().into_any()
}

#[component]
fn OutputRow(output: Output, sender: Option<Address>) -> impl IntoView {
    let i18n = use_i18n();
    let is_change = sender == Some(output.recipient);
    let change = is_change.then(|| view! { <span class="chip">{i18n.text(|texts| texts.transaction.change)}</span> });
    view! {
        <li class="flow-row" class:flow-change=is_change>
            <span class="address"><AddressText address=output.recipient /> {change}</span>
            <span class="number">{move || format!("{} FED", i18n.language().amount(output.amount))}</span>
        </li>
    }
}
