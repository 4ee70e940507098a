use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::amount_field::AmountField;
use crate::parts::dialog::Dialog;
use crate::parts::input_check;
use crate::session::{Session, use_session};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::fee_choice::QuoteLine;
use crate::wallet::high_fee::{HighFee, HighFeeField};
use crate::wallet::lost_payments::look_for;
use crate::wallet::passphrase::{RequiredPassphrase, RequiredPassphraseField};
use crate::wallet::problem::send_words;
use crate::wallet::sent_payments::SentPayments;
use fedcoin_node::primitives::TxId;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{Quote, SendProblem, State};

/// The waiting payment whose fee the dialog raises, and that fee; a context of the wallet.
#[derive(Clone, Copy)]
pub(crate) struct Bumping(pub(crate) AnySignal<Option<(TxId, Amount)>>);

/// Opens the dialog for a payment of this fee.
#[component]
pub(crate) fn BumpButton(txid: TxId, fee: Amount) -> impl IntoView {
    let i18n = use_i18n();
    let Bumping(bumping) = expect_context();
    view! {
        <button type="button" class="small" data-testid=ids::BUMP on:click=move |_| bumping.set(Some((txid, fee)))>
            {i18n.text(|texts| texts.fee.bump)}
        </button>
    }
}

/// The fee that was asked about last, `None` for the least, and what the node said.
type Answer = Option<(Option<Amount>, Result<Quote, SendProblem>)>;

/// Asks the node about the fee typed, whenever that, the mempool or the chain changes.
fn keep_asking(session: Session, txid: TxId, typed: Memo<Result<Option<Amount>, String>>, answer: AnySignal<Answer>) {
    let moment = session.part(State::moment);
    Effect::new(move |_| {
        moment.get();
        let Some((client, fee)) = session.client().zip(typed.get().ok()) else { return };
        spawn_local(async move {
            let result = client.quote_bump(txid, fee).await;
            if typed.try_get_untracked().and_then(Result::ok) == Some(fee) {
                answer.try_set(Some((fee, result)));
            }
        });
    });
}

/// Raises the fee of a waiting payment.
#[component]
pub(crate) fn BumpDialog() -> impl IntoView {
    let i18n = use_i18n();
    let Bumping(bumping) = expect_context();
    view! {
        <Dialog
            open=Signal::derive(move || bumping.get().is_some())
            on_close=move |()| bumping.set(None)
            title=Signal::derive(move || i18n.texts().fee.bump_title.to_owned())
        >
            {move || bumping.get().map(|(txid, now)| view! { <Contents txid now bumping /> })}
        </Dialog>
    }
}

#[component]
fn Contents(txid: TxId, now: Amount, bumping: AnySignal<Option<(TxId, Amount)>>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let sent = expect_context::<SentPayments>();
    let fee = RwSignal::new(String::new());
    let answer = AnySignal::new(Answer::None);
    let problem = AnySignal::new(None::<SendProblem>);
    let required = RequiredPassphrase::new(session);
    // An empty field means the minimum.
    let typed = Memo::new(move |_| {
        fee.with(|text| match text.trim() {
            "" => Ok(None),
            text => input_check::amount(text, i18n.language()).map(Some),
        })
    });
    keep_asking(session, txid, typed, answer);
    // What was said of another fee does not hold for this one.
    let current = Memo::new(move |_| {
        let fee = typed.get().ok()?;
        answer.get().filter(|(of, _)| *of == fee).map(|(_, result)| result)
    });
    let quote = Signal::derive(move || current.get().and_then(Result::ok));
    let high_fee = HighFee::new(quote);
    let words = move |why: SendProblem| send_words(&why, i18n.language());
    let refused = move || typed.get().err().or_else(|| current.get()?.err().map(words));
    let error = move || problem.get().filter(|_| refused().is_none()).map(words);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((client, quote)) = session.client().zip(quote.get_untracked()) else { return };
        let passphrase = required.take();
        problem.set(None);
        let fee = typed.get_untracked().ok().flatten();
        spawn_local(async move {
            let mut outcome = client.bump(txid, quote, passphrase).await;
            if let Err(SendProblem::Unknown(lost)) = &outcome {
                problem.try_set(Some(SendProblem::Unknown(lost.clone())));
                if let Some(found) = look_for(session, lost).await {
                    outcome = found.first().copied().ok_or(SendProblem::NotFound);
                }
            }
            match outcome {
                Ok(new) => {
                    sent.replace(txid, new.txid, new.amount);
                    bumping.set(None);
                }
                Err(why) => {
                    if why == SendProblem::QuoteChanged {
                        answer.try_set(Some((fee, client.quote_bump(txid, fee).await)));
                    }
                    problem.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <form class="fields" on:submit=submit>
            <p>{i18n.text(|texts| texts.fee.bump_hint)}</p>
            <p class="number" data-testid=ids::BUMP_NOW data-value=now.to_string()>
                {move || (i18n.texts().fee.bump_now)(&i18n.language().amount(now))}
            </p>
            <AmountField
                id=ids::BUMP_FEE
                label=Signal::derive(i18n.text(|texts| texts.fee.bump_fee))
                text=fee
                error=Signal::derive(refused)
                placeholder=Signal::derive(move || quote.get().map(|quote| i18n.language().plain_amount(quote.fee)))
            />
            <QuoteLine quote />
            <HighFeeField required=high_fee id=ids::BUMP_FEE_AGAIN />
            <RequiredPassphraseField required />
            <p class="field-error" role="alert" data-testid=ids::BUMP_PROBLEM>{error}</p>
            <div class="buttons">
                <button
                    type="submit"
                    class="primary"
                    data-testid=ids::BUMP_CONFIRM
                    disabled=move || quote.get().is_none() || required.is_missing() || !high_fee.is_agreed()
                >
                    {i18n.text(|texts| texts.fee.bump_done)}
                </button>
                <button type="button" on:click=move |_| bumping.set(None)>{i18n.text(|texts| texts.common.cancel)}</button>
            </div>
        </form>
    }
}
