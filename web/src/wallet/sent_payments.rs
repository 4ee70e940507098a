use crate::explorer::inspector::{Subject, use_inspector};
use crate::explorer::payment_view::progress;
use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::any_signal::AnySignal;
use crate::parts::format::short;
use crate::session::{Session, use_session};
use crate::wallet::bump_dialog::BumpButton;
use fedcoin_node::primitives::{Address, TxId};
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::PaymentDetails;
use std::collections::VecDeque;

/// Confirmations after which nobody needs to look any more: a reorganisation so deep does not happen by
/// chance.
const FINAL: u32 = 6;
/// Payments followed at a time; the history has the others.
const MAX_FOLLOWED: usize = 5;

/// The payments sent since the page was opened, each followed into the chain; a context of the
/// wallet.
#[derive(Clone, Copy)]
pub(crate) struct SentPayments(AnySignal<VecDeque<SentPayment>>);

/// A payment sent from here.
#[derive(Clone, Debug, PartialEq)]
struct SentPayment {
    txid: TxId,
    recipient: Address,
    amount: Amount,
    /// What the node last said of it.
    fate: Fate,
}

#[derive(Clone, Debug, PartialEq)]
enum Fate {
    Waiting,
    Known(Box<PaymentDetails>),
    Gone,
}

impl SentPayments {
    /// None yet; asks for news of them at every new tip and change of the mempool.
    pub(crate) fn provide(session: Session) {
        let sent = Self(AnySignal::new(VecDeque::new()));
        provide_context(sent);
        let moment = session.part(|state| (state.status.tip.id, state.mempool.count));
        Effect::new(move |_| {
            // Read, not only tracked: a memo that nobody reads never begins to watch.
            moment.get();
            for payment in sent.0.get_untracked() {
                sent.ask(session, payment.txid);
            }
        });
    }

    /// Follows a payment from now on.
    pub(crate) fn follow(self, txid: TxId, recipient: Address, amount: Amount) {
        self.0.update(|all| {
            all.push_front(SentPayment { txid, recipient, amount, fate: Fate::Waiting });
            all.truncate(MAX_FOLLOWED);
        });
    }

    /// A payment took the place of one followed, or of one not known here.
    pub(crate) fn replace(self, old: TxId, new: TxId, amount: Amount) {
        self.0.update(|all| {
            if let Some(payment) = all.iter_mut().find(|payment| payment.txid == old) {
                (payment.txid, payment.fate) = (new, Fate::Waiting);
                payment.amount = amount;
            }
        });
    }

    /// Whether the payment is among these, with all that can be done about it.
    pub(crate) fn follows(self, txid: TxId) -> bool {
        self.0.with(|all| all.iter().any(|payment| payment.txid == txid))
    }

    fn ask(self, session: Session, txid: TxId) {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            let Ok(answer) = client.payment(txid).await else { return };
            let fate = answer.map_or(Fate::Gone, Fate::Known);
            self.0.update(|all| {
                if let Some(payment) = all.iter_mut().find(|payment| payment.txid == txid) {
                    payment.fate = fate;
                }
            });
        });
    }
}

/// What becomes of a payment, as a word for tests and styles.
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
    let sent = expect_context::<SentPayments>().0;
    let item = |payment: SentPayment| view! { <Line payment /> };
    view! {
        <div role="status">
            <Show when=move || !sent.with(VecDeque::is_empty)>
                <h3>{i18n.text(|texts| texts.send.payments)}</h3>
                <ul class="rows">{move || sent.get().into_iter().map(item).collect_view()}</ul>
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
        Fate::Waiting => i18n.texts().payment.waiting.into(),
        Fate::Known(details) => progress(details, &i18n.texts().payment, i18n.language()),
        Fate::Gone => match session.drop_reason(txid) {
            Some(reason) => i18n.language().drop_reason(&reason),
            None => i18n.texts().payment.replaced.into(),
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
            <button type="button" class="plain" on:click=move |_| inspector.show(Subject::Payment(txid))>
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

/// How far a payment is from being as good as final.
#[component]
fn Progress(confirmations: u32) -> impl IntoView {
    let i18n = use_i18n();
    let label = move || {
        let language = i18n.language();
        let number = |n: u32| language.number(n.into());
        (language.texts().purse.confirmations)(&number(confirmations.min(FINAL)), &number(FINAL))
    };
    view! { <progress class="confirmations" max=FINAL value=confirmations.min(FINAL) aria-label=label title=label></progress> }
}
