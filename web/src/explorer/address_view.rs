use crate::explorer::address_transactions::AddressTransactions;
use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::parts::copy_button::CopyButton;
use crate::signals::memo::Memo;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::Balance;
use leptos::prelude::*;
use node_wasm::messages::AddressDetails;

/// The balance, the coins and the history of an address.
#[component]
pub(crate) fn AddressView(details: AddressDetails) -> impl IntoView {
    let address = details.address.to_string();
    let text = Memo::new(move |_| address.clone());
    view! {
        <div class="details" data-testid=ids::ADDRESS_DETAILS data-id=move || text.get()>
            <div class="copy-line">
                <code translate="no" class="break">{move || text.get()}</code>
                <CopyButton text />
            </div>
            <Holdings balance=details.balance />
            <AddressTransactions address=details.address />
        </div>
    }
}

#[component]
fn Holdings(balance: Balance) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |name: fn(&Texts) -> &'static str, amount: Amount| {
        view! {
            <dt>{move || name(i18n.texts())}</dt>
            <dd class="number">{move || format!("{} FED", i18n.language().amount(amount))}</dd>
        }
    };
    view! {
        <dl class="facts">
            {line(|t| t.wallet.confirmed, balance.confirmed)}
            {line(|t| t.view.spendable, balance.spendable)}
            {line(|t| t.wallet.pending_in, balance.pending_in)}
            {line(|t| t.wallet.pending_out, balance.pending_out)}
            {line(|t| t.wallet.immature, balance.immature)}
        </dl>
    }
}
