use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::parts::amount_field::AmountField;
use crate::parts::any_signal::AnySignal;
use crate::parts::input_check;
use crate::parts::memo::Memo;
use crate::session::{Session, use_session};
use crate::wallet::fee_choice::{FeeChoiceField, Haste, QuoteLine};
use crate::wallet::scan_dialog::{ScanButton, request_in};
use crate::wallet::send_confirmation::{SendConfirmation, problem_words};
use fedcoin_node::primitives::Address;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::PaymentUri;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{Draft, FeeChoice, Quote, SendProblem};

/// What the user typed.
#[derive(Clone, Copy)]
struct Typed {
    recipient: RwSignal<String>,
    amount: RwSignal<String>,
    /// All that there is, whatever the amount's field says.
    all: RwSignal<bool>,
    haste: AnySignal<Haste>,
    fee: RwSignal<String>,
}

/// What the user asks for, as the node would carry it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Who gets it.
    pub(crate) recipient: Address,
    /// How much, the fee, and the expected wait.
    pub(crate) quote: Quote,
    /// Amount and fee.
    pub(crate) total: Amount,
}

/// What the node says to what is typed, the latest first asked.
type Answer = Option<(Draft, Result<Quote, SendProblem>)>;

/// Pays. Every field is checked while it is typed in.
#[component]
pub(crate) fn SendForm() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let typed = Typed::new();
    let draft = Memo::new(move |_| typed.draft(i18n.language()));
    let answer = AnySignal::new(None::<(Draft, Result<Quote, SendProblem>)>);
    keep_asking(session, draft, answer);
    let current = Memo::new(move |_| answer.get().filter(|(of, _)| draft.get().as_ref() == Some(of)).map(|(_, a)| a));
    fill_in_all(typed, current, i18n.language_now());
    let recipient = Memo::new(move |_| input_check::recipient(&typed.recipient.get(), i18n.language()).ok());
    let confirming = AnySignal::new(None::<Order>);
    let sendable = move || recipient.get().is_some() && draft.get().is_some() && !matches!(current.get(), Some(Err(_)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(((client, draft), recipient)) =
            session.client().zip(draft.get_untracked()).zip(recipient.get_untracked())
        else {
            return;
        };
        spawn_local(async move {
            let result = client.quote(draft.clone()).await;
            answer.try_set(Some((draft, result.clone())));
            let Ok(quote) = result else { return };
            let total = quote.amount.checked_add(quote.fee).unwrap_or(Amount::MAX);
            confirming.try_set(Some(Order { recipient, quote, total }));
        });
    };
    view! {
        <form class="fields" autocomplete="off" aria-labelledby="send-title" on:submit=submit>
            <h2 id="send-title">{i18n.text(|texts| texts.send.title)}</h2>
            <RecipientField typed />
            <AmountLine typed current />
            <FeeFields typed quote=Signal::derive(move || current.get().and_then(Result::ok)) />
            <div class="buttons">
                <button
                    type="submit"
                    class="primary"
                    data-testid=ids::SEND_REVIEW
                    disabled=move || !sendable()
                >
                    {i18n.text(|texts| texts.send.action)}
                </button>
            </div>
        </form>
        <SendConfirmation confirming on_sent=move |()| typed.clear() />
    }
}

/// Asks the node what the payment would be, at every change of it, of the balance and of the mempool.
fn keep_asking(session: Session, draft: Memo<Option<Draft>>, answer: AnySignal<Answer>) {
    let key = session.key();
    let moment = session.part(|state| (state.status.tip.id, state.mempool.count));
    Effect::new(move |_| {
        key.get();
        moment.get();
        let Some((client, draft_now)) = session.client().zip(draft.get()) else { return };
        spawn_local(async move {
            let result = client.quote(draft_now.clone()).await;
            if draft.try_get_untracked().flatten().as_ref() == Some(&draft_now) {
                answer.try_set(Some((draft_now, result)));
            }
        });
    });
}

/// Writes the amount of "all" into its field.
fn fill_in_all(typed: Typed, current: Memo<Option<Result<Quote, SendProblem>>>, language: Language) {
    Effect::new(move |_| {
        if let (true, Some(Ok(quote))) = (typed.all.get(), current.get()) {
            typed.amount.set(language.plain_amount(quote.amount));
        }
    });
}

impl Typed {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        let (all, haste) = (RwSignal::new(false), AnySignal::new(Haste::Usual));
        Self { recipient: empty(), amount: empty(), all, haste, fee: empty() }
    }

    /// What to ask the node; `None` while amount or fee make no sense.
    fn draft(self, language: Language) -> Option<Draft> {
        let amount = match self.all.get() {
            true => None,
            false => Some(checked_amount(&self.amount.get(), language).ok()?.to_string()),
        };
        let fee = match self.haste.get() {
            Haste::Economic => FeeChoice::Economic,
            Haste::Usual => FeeChoice::Usual,
            Haste::Urgent => FeeChoice::Urgent,
            Haste::Own => FeeChoice::Own(input_check::amount(&self.fee.get(), language).ok()?.to_string()),
        };
        Some(Draft { recipient: String::new(), amount, fee })
    }

    /// Takes over a payment request.
    fn fill(self, request: PaymentUri, language: Language) {
        self.recipient.set(request.recipient.to_string());
        if let Some(amount) = request.amount {
            self.all.set(false);
            self.amount.set(language.plain_amount(amount));
        }
    }

    fn clear(self) {
        self.recipient.set(String::new());
        self.amount.set(String::new());
        self.all.set(false);
        self.fee.set(String::new());
    }
}

fn checked_amount(text: &str, language: Language) -> Result<Amount, String> {
    let amount = input_check::amount(text, language)?;
    if amount == Amount::ZERO { Err(language.texts().send.amount_zero.into()) } else { Ok(amount) }
}

/// What is wrong with a text, once there is one.
fn problem<T>(text: &str, check: impl Fn(&str) -> Result<T, String>) -> Option<String> {
    if text.trim().is_empty() { None } else { check(text).err() }
}

#[component]
fn RecipientField(typed: Typed) -> impl IntoView {
    let i18n = use_i18n();
    let error = Memo::new(move |_| {
        let language = i18n.language();
        typed.recipient.with(|text| problem(text, |text| input_check::recipient(text, language)))
    });
    // A pasted payment request fills in the amount too.
    let take_request = move |_| {
        let text = typed.recipient.get_untracked();
        if let Some(request) = request_in(&text).filter(|_| text.contains(':')) {
            typed.fill(request, i18n.language_now());
        }
    };
    view! {
        <div class="field">
            <div class="label-line">
                <label for="send-recipient">{i18n.text(|texts| texts.send.recipient)}</label>
                <ScanButton on_request=move |request| typed.fill(request, i18n.language_now()) />
            </div>
            <input
                type="text"
                id="send-recipient"
                class="mono"
                spellcheck="false"
                autocapitalize="off"
                maxlength="400"
                placeholder=i18n.text(|texts| texts.send.recipient_hint)
                aria-describedby="send-recipient-error"
                aria-invalid=move || error.get().is_some().to_string()
                data-testid=ids::SEND_RECIPIENT
                bind:value=typed.recipient
                on:input=take_request
            />
            <p class="field-error" id="send-recipient-error" aria-live="polite" data-testid=ids::SEND_RECIPIENT_ERROR>
                {move || error.get()}
            </p>
        </div>
    }
}

#[component]
fn AmountLine(typed: Typed, current: Memo<Option<Result<Quote, SendProblem>>>) -> impl IntoView {
    let i18n = use_i18n();
    let error = Memo::new(move |_| {
        let language = i18n.language();
        let wrong = if typed.all.get() {
            None
        } else {
            typed.amount.with(|text| problem(text, |text| checked_amount(text, language)))
        };
        wrong.or_else(|| current.get()?.err().map(|why| problem_words(&why, language)))
    });
    view! {
        <AmountField
            id=ids::SEND_AMOUNT
            label=Signal::derive(i18n.text(|texts| texts.send.amount))
            text=typed.amount
            error
            on_typed=move |()| typed.all.set(false)
        >
            <button
                type="button"
                class="small"
                aria-pressed=move || typed.all.get().to_string()
                data-testid=ids::SEND_ALL
                on:click=move |_| typed.all.update(|all| *all = !*all)
            >
                {i18n.text(|texts| texts.purse.pay_all)}
            </button>
        </AmountField>
    }
}

#[component]
fn FeeFields(typed: Typed, quote: Signal<Option<Quote>>) -> impl IntoView {
    let i18n = use_i18n();
    let error = Memo::new(move |_| {
        let language = i18n.language();
        typed.fee.with(|text| problem(text, |text| input_check::amount(text, language)))
    });
    view! {
        <div class="field">
            <FeeChoiceField haste=typed.haste />
            <Show when=move || typed.haste.get() == Haste::Own>
                <AmountField
                    id=ids::SEND_FEE
                    label=Signal::derive(i18n.text(|texts| texts.send.fee))
                    text=typed.fee
                    error
                />
            </Show>
            <QuoteLine quote />
        </div>
    }
}
