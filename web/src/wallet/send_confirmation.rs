use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::dialog::Dialog;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::contacts::Contacts;
use crate::wallet::fee_choice::QuoteLine;
use crate::wallet::high_fee::{HighFee, HighFeeField};
use crate::wallet::lost_payments::look_for;
use crate::wallet::passphrase::{RequiredPassphrase, RequiredPassphraseField};
use crate::wallet::problem::send_words;
use crate::wallet::sent_payments::SentPayments;
use fedcoin_node::primitives::Address;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::Sum;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{Draft, Paid, Quote, SendProblem};

/// A payment that the user is about to confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Confirming {
    pub(crate) recipient: Address,
    /// The user's order.
    pub(crate) draft: Draft,
    /// Its quote. Exactly this is paid, or nothing.
    pub(crate) quote: Quote,
}

impl Confirming {
    /// The rest of the payment after `paid`; it needs a new quote.
    fn rest(self, paid: Amount) -> Self {
        let remaining = self.quote.amount.saturating_sub(paid);
        let amount = match self.draft.amount {
            Sum::Exactly(_) => Sum::Exactly(remaining),
            Sum::All => Sum::All,
        };
        Self { draft: Draft { amount, ..self.draft }, quote: Quote { amount: remaining, ..self.quote }, ..self }
    }
}

/// Asks for confirmation of a payment.
#[component]
pub(crate) fn SendConfirmation(
    /// The payment; `None` while there is none.
    confirming: AnySignal<Option<Confirming>>,
    /// Called when it has been paid.
    #[prop(into)]
    on_sent: Callback<Confirming>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Dialog
            open=Signal::derive(move || confirming.get().is_some())
            on_close=move |()| confirming.set(None)
            title=Signal::derive(move || i18n.texts().send.confirm_title.to_owned())
        >
            {move || confirming.get().map(|payment| view! { <Summary payment /> })}
            <Actions confirming on_sent />
        </Dialog>
    }
}

#[component]
fn Summary(payment: Confirming) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let (own, key) = (session.own_addresses(), session.key());
    let spendable = Memo::new(move |_| key.get().map(|key| key.balance.spendable).unwrap_or_default());
    let contacts = expect_context::<Contacts>();
    let Confirming { recipient, quote, .. } = payment;
    let total = quote.total();
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
            <dd>
                {move || contacts.name(&recipient).map(|name| view! { <strong>{name}</strong> " " })}
                <code class="break">{recipient.to_string()}</code>
            </dd>
        </dl>
        <p class="number">{fee}</p>
        <QuoteLine quote=Signal::derive(move || Some(quote)) wait_only=true />
        <Show when=move || quote.payments != 1>
            <p class="number" data-testid=ids::SEND_PAYMENTS data-value=quote.payments.to_string()>
                {move || i18n.language().plural(i18n.texts().send.in_payments, quote.payments.into())}
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
fn Actions(confirming: AnySignal<Option<Confirming>>, on_sent: Callback<Confirming>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let sent = expect_context::<SentPayments>();
    let sending = RwSignal::new(false);
    let problem = AnySignal::new(None::<(Amount, SendProblem)>);
    let required = RequiredPassphrase::new(session);
    let high_fee = HighFee::new(Signal::derive(move || confirming.get().map(|payment| payment.quote)));
    let pay = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((client, payment)) = session.client().zip(confirming.get_untracked()) else { return };
        let passphrase = required.take();
        sending.set(true);
        problem.set(None);
        spawn_local(async move {
            let Confirming { recipient, quote, .. } = payment;
            let (mut parts, mut why) = client.send(recipient, quote, passphrase).await;
            if let Some(SendProblem::Unknown(lost)) = &why {
                problem.try_set(Some((Amount::ZERO, SendProblem::Unknown(lost.clone()))));
                if let Some(found) = look_for(session, lost).await {
                    why = (sum(&found) < quote.amount).then_some(SendProblem::NotFound);
                    parts = found;
                }
            }
            parts.iter().for_each(|part| sent.follow(part.txid, recipient, part.amount));
            let paid = sum(&parts);
            if why == Some(SendProblem::QuoteChanged) || (why.is_some() && paid > Amount::ZERO) {
                let mut rest = payment.rest(paid);
                // Another one by now, if the node's worker has ended.
                match session.client().unwrap_or(client).quote(rest.draft).await {
                    Ok(quote) => rest.quote = quote,
                    Err(other) => why = Some(other),
                }
                // Unless the user has closed the dialog meanwhile.
                confirming.try_update(|now| *now = now.map(|_| rest));
            }
            sending.try_set(false);
            match why {
                None => {
                    confirming.set(None);
                    on_sent.run(payment);
                }
                Some(why) => problem.try_set(Some((paid, why))),
            }
        });
    };
    let problem = move || {
        let ((paid, why), language) = (problem.get()?, i18n.language());
        let words = send_words(&why, language);
        if paid == Amount::ZERO {
            return Some(words);
        }
        Some((language.texts().send.sent_in_part)(&language.amount(paid), &words))
    };
    view! {
        <form class="fields" on:submit=pay>
            <HighFeeField required=high_fee id=ids::SEND_FEE_AGAIN />
            <RequiredPassphraseField required />
            <p role="status" class="muted">{move || sending.get().then(|| i18n.texts().send.sending)}</p>
            <p class="field-error" role="alert" data-testid=ids::SEND_PROBLEM>{problem}</p>
            <div class="buttons">
                <button
                    type="submit"
                    class="primary"
                    data-testid=ids::SEND_CONFIRM
                    disabled=move || sending.get() || required.is_missing() || !high_fee.is_agreed()
                >
                    {i18n.text(|texts| texts.send.confirm_action)}
                </button>
                <button type="button" data-testid=ids::SEND_CANCEL on:click=move |_| confirming.set(None)>
                    {i18n.text(|texts| texts.common.cancel)}
                </button>
            </div>
        </form>
    }
}

/// The total of these payments.
fn sum(paid: &[Paid]) -> Amount {
    Amount::saturating_sum(paid.iter().map(|payment| payment.amount))
}
