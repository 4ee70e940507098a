use crate::explorer::subject::use_inspector;
use crate::explorer::transaction_view::progress;
use crate::i18n::{short, use_i18n};
use crate::ids;
use crate::route::Subject;
use crate::session::use_session;
use crate::wallet::bump_dialog::BumpButton;
use crate::wallet::sent_payments::{Fate, SentPayment, SentPayments};
use leptos::prelude::*;

/// Number of confirmations after which a payment counts as final: a reorganisation this deep does not happen by chance.
const FINAL: u32 = 6;

/// A payment's state as a name for tests and styles.
fn fate_name(fate: &Fate) -> &'static str {
    match fate {
        Fate::Waiting => "waiting",
        Fate::Known(details) if details.block.is_none() => "waiting",
        Fate::Known(_) => "confirmed",
        Fate::Gone => "dropped",
    }
}

/// The payments sent since the page was opened.
#[component]
pub(crate) fn SentPaymentsList() -> impl IntoView {
    let i18n = use_i18n();
    let sent = expect_context::<SentPayments>();
    let item = |payment: SentPayment| view! { <Line payment /> };
    view! {
        <div role="status">
            <Show when=move || !sent.all().is_empty()>
                <h3>{i18n.text(|texts| texts.send.payments)}</h3>
                <ul class="rows">{move || sent.all().into_iter().map(item).collect_view()}</ul>
            </Show>
        </div>
    }
}

#[component]
fn Line(payment: SentPayment) -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let session = use_session();
    let SentPayment { txid, recipient, amount, fate } = payment;
    let name = fate_name(&fate);
    let confirmations = match &fate {
        Fate::Known(details) => details.confirmations,
        Fate::Waiting | Fate::Gone => 0,
    };
    let state = move || match &fate {
        Fate::Waiting => i18n.texts().transaction.waiting.into(),
        Fate::Known(details) => progress(details, i18n.language()),
        Fate::Gone => match session.drop_reason(txid) {
            Some(reason) => i18n.language().drop_reason(&reason),
            None => i18n.texts().transaction.replaced.into(),
        },
    };
    let words = move || (i18n.texts().send.confirm)(&i18n.language().amount(amount), &short(&recipient.to_string()));
    view! {
        <li
            class="row sent"
            data-testid=ids::SENT_PAYMENT
            data-id=txid.to_string()
            data-state=name
            data-confirmations=confirmations.to_string()
        >
            <button type="button" class="plain" on:click=move |_| inspector.show(Subject::Transaction(txid))>
                {words}
            </button>
            <span class="small sent-state">
                {state}
                {(name == "waiting").then(|| view! { " " <BumpButton txid /> })}
                {(name == "confirmed").then(|| view! { <Progress confirmations /> })}
            </span>
        </li>
    }
}

/// The progress of a payment towards finality.
#[component]
fn Progress(confirmations: u32) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || {
        let language = i18n.language();
        let number = |n: u32| language.number(n.into());
        (language.texts().send.confirmations)(&number(confirmations.min(FINAL)), &number(FINAL))
    };
    view! { <progress class="confirmations" max=FINAL value=confirmations.min(FINAL) aria-label=label title=label></progress> }
}
