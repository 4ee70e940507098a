use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::parts::any_signal::AnySignal;
use crate::parts::dialog::Dialog;
use crate::parts::memo::Memo;
use crate::session::use_session;
use crate::wallet::fee_choice::QuoteLine;
use crate::wallet::high_fee::{HighFee, HighFeeField};
use crate::wallet::passphrase::{AskedPassphrase, AskedPassphraseField};
use crate::wallet::problem::ring_words;
use crate::wallet::send_form::Order;
use crate::wallet::sent_payments::SentPayments;
use fedcoin_node::mempool::PoolError;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::WalletError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::SendProblem;

/// Asks once more before money goes.
#[component]
pub(crate) fn SendConfirmation(
    /// What is to be paid; `None` while nothing is.
    confirming: AnySignal<Option<Order>>,
    /// It was paid.
    #[prop(into)]
    on_sent: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog
            open=Signal::derive(move || confirming.get().is_some())
            on_close=move |()| confirming.set(None)
            title=Signal::derive(move || i18n.texts().send.confirm_title.to_owned())
        >
            {move || confirming.get().map(|order| view! { <Summary order /> })}
            <Actions confirming on_sent />
        </Dialog>
    }
}

#[component]
fn Summary(order: Order) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let (own, key) = (session.own_addresses(), session.key());
    let spendable = Memo::new(move |_| key.get().map(|key| key.balance.spendable).unwrap_or_default());
    let Order { recipient, quote, total } = order;
    let fee = move || {
        let language = i18n.language();
        (i18n.texts().send.confirm_fee)(&language.amount(quote.fee), &language.amount(total))
    };
    let rest = move || {
        let rest = spendable.get().saturating_sub(total);
        (i18n.texts().send.confirm_rest)(&i18n.language().amount(rest))
    };
    let to_self = move || own.with(|own| own.contains(&recipient));
    view! {
        <p class="order number">{move || format!("{} FED", i18n.language().amount(quote.amount))}</p>
        <dl class="facts">
            <dt>{i18n.text(|texts| texts.send.recipient)}</dt>
            <dd><code class="break">{recipient.to_string()}</code></dd>
        </dl>
        <p class="number">{fee}</p>
        <QuoteLine quote=Signal::derive(move || Some(quote)) wait_only=true />
        <Show when=move || quote.payments != 1>
            <p class="number" data-testid=ids::SEND_PAYMENTS data-value=quote.payments.to_string()>
                {move || (i18n.texts().purse.in_payments)(&i18n.language().number(quote.payments.into()))}
            </p>
        </Show>
        <p class="muted number">{rest}</p>
        <Show when=to_self>
            <p class="callout warn">{i18n.text(|texts| texts.send.to_yourself)}</p>
        </Show>
        <p class="muted">{i18n.text(|texts| texts.send.final_warning)}</p>
    }
}

#[component]
fn Actions(confirming: AnySignal<Option<Order>>, on_sent: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let sent = expect_context::<SentPayments>();
    let sending = RwSignal::new(false);
    let problem = AnySignal::new(None::<(Amount, SendProblem)>);
    let asked = AskedPassphrase::new(session);
    let high_fee = HighFee::new(Signal::derive(move || confirming.get().map(|order| order.quote)));
    let pay = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((client, order)) = session.client().zip(confirming.get_untracked()) else { return };
        let passphrase = asked.take();
        sending.set(true);
        problem.set(None);
        spawn_local(async move {
            let Order { recipient, quote, .. } = order;
            let (paid, why) = client.send(recipient, quote.amount, quote.terms, passphrase).await;
            sending.try_set(false);
            paid.iter().for_each(|payment| sent.follow(payment.txid, recipient, payment.amount));
            match why {
                None => {
                    confirming.set(None);
                    on_sent.run(());
                }
                Some(why) => {
                    let sum = Amount::checked_sum(paid.iter().map(|payment| payment.amount));
                    problem.try_set(Some((sum.unwrap_or(Amount::MAX), why)));
                }
            }
        });
    };
    let problem = move || {
        let ((paid, why), language) = (problem.get()?, i18n.language());
        let words = problem_words(&why, language);
        if paid == Amount::ZERO {
            return Some(words);
        }
        Some((language.texts().purse.sent_in_part)(&language.amount(paid), &words))
    };
    view! {
        <form class="fields" on:submit=pay>
            <HighFeeField asked=high_fee id=ids::SEND_FEE_AGAIN />
            <AskedPassphraseField asked />
            <div class="buttons">
                <button
                    type="submit"
                    class="primary"
                    data-testid=ids::SEND_CONFIRM
                    disabled=move || sending.get() || asked.is_missing() || !high_fee.is_agreed()
                >
                    {i18n.text(|texts| texts.send.confirm_action)}
                </button>
                <button type="button" data-testid=ids::SEND_CANCEL on:click=move |_| confirming.set(None)>
                    {i18n.text(|texts| texts.common.cancel)}
                </button>
            </div>
            <p role="status" class="muted">{move || sending.get().then(|| i18n.texts().send.sending)}</p>
            <p class="field-error" role="alert" data-testid=ids::SEND_PROBLEM>
                {problem}
            </p>
        </form>
    }
}

/// Why nothing was sent.
pub(crate) fn problem_words(problem: &SendProblem, language: Language) -> String {
    let texts = language.texts();
    match problem {
        SendProblem::NoKey => texts.send.no_key.into(),
        SendProblem::Wallet(error) => wallet_words(error, language),
        SendProblem::Refused(error) => (texts.send.refused)(&refusal_words(error, language)),
        SendProblem::Ring(error) => ring_words(*error, language),
        SendProblem::NotRunning => texts.common.not_running.into(),
        SendProblem::Recipient(why) | SendProblem::Amount(why) | SendProblem::Fee(why) => why.clone(),
    }
}

fn wallet_words(error: &WalletError, language: Language) -> String {
    let texts = &language.texts().send;
    match error {
        WalletError::ZeroAmount => texts.amount_zero.into(),
        WalletError::NotEnough { needed, spendable } => {
            (texts.not_enough)(&language.amount(*needed), &language.amount(*spendable))
        }
        WalletError::TooManyCoins { needed, reach } => {
            (texts.too_many_coins)(&language.amount(*needed), &language.amount(*reach))
        }
        WalletError::NotWaiting => language.texts().purse.not_waiting.into(),
        WalletError::Final => language.texts().purse.sent_final.into(),
        WalletError::OutOfRange => (texts.out_of_range)(&language.amount(Amount::MAX)),
    }
}

/// The refusals that a user can meet by honest means; a rule's own sentence for the others.
fn refusal_words(error: &PoolError, language: Language) -> String {
    let texts = &language.texts().send;
    match error {
        PoolError::Conflict { .. } | PoolError::CoinTaken { .. } => texts.conflict.into(),
        PoolError::MissingInputs { .. } => texts.missing_inputs.into(),
        PoolError::TooManyAncestors { .. }
        | PoolError::AncestorsTooLarge { .. }
        | PoolError::TooManyDescendants { .. }
        | PoolError::DescendantsTooLarge { .. } => texts.too_many_ancestors.into(),
        PoolError::Full => texts.pool_full.into(),
        PoolError::ReplacementFee { min, .. }
        | PoolError::ReplacementRate { min, .. }
        | PoolError::FeeTooLow { min, .. }
        | PoolError::BelowRisingMinimum { min, .. } => (texts.fee_too_low)(&language.amount(*min)),
        _ => error.to_string(),
    }
}
