use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::session::use_session;
use crate::signals::memo::Memo;
use crate::wallet::key_choice::KeyChoice;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::Balance;
use leptos::prelude::*;

/// What all keys have together, and which of them is in use.
#[component]
pub(crate) fn Balances() -> impl IntoView {
    let i18n = use_i18n();
    let keys = use_session().keys();
    let total = move |part: fn(&Balance) -> Amount| {
        Memo::new(move |_| keys.with(|keys| Amount::saturating_sum(keys.iter().map(|key| part(&key.balance)))))
    };
    let spendable = total(|balance| balance.spendable);
    let line = move |name: fn(&Texts) -> &'static str, part: fn(&Balance) -> Amount, testid: &'static str| {
        let amount = total(part);
        view! {
            <div class="balance-line" class:empty=move || amount.get() == Amount::ZERO>
                <dt>{move || name(i18n.texts())}</dt>
                <dd class="number" data-testid=testid data-value=move || amount.get().to_string()>
                    {move || format!("{} FED", i18n.language().amount(amount.get()))}
                </dd>
            </div>
        }
    };
    view! {
        <div class="balance">
            <p class="balance-main">
                <span
                    class="balance-amount number"
                    data-testid=ids::SPENDABLE
                    data-value=move || spendable.get().to_string()
                >
                    {move || i18n.language().amount(spendable.get())}
                </span>
                " FED "
                <span class="muted small">{i18n.text(|texts| texts.wallet.spendable)}</span>
            </p>
            <dl class="balance-lines">
                {line(|t| t.wallet.confirmed, |b| b.confirmed, ids::CONFIRMED)}
                {line(|t| t.wallet.pending_in, |b| b.pending_in, ids::PENDING_IN)}
                {line(|t| t.wallet.pending_out, |b| b.pending_out, ids::PENDING_OUT)}
                {line(|t| t.wallet.immature, |b| b.immature, ids::IMMATURE)}
            </dl>
            <Show when=move || keys.with(|keys| keys.len() > 1)>
                <p class="muted small">
                    {move || {
                        let count = keys.with(|keys| keys.len() as u64);
                        (i18n.texts().payment_list.all_keys)(&i18n.language().number(count))
                    }}
                </p>
            </Show>
            <KeyChoice />
        </div>
    }
}
