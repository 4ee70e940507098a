use crate::i18n::{I18n, Language, short, use_i18n};
use crate::ids;
use crate::parts::amount_field::AmountField;
use crate::parts::input_check;
use crate::route::{Location, use_route};
use crate::session::{Session, use_session};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::address_book::AddressBookButton;
use crate::wallet::contacts::{Contact, Contacts};
use crate::wallet::fee_choice::{FeeChoiceField, Haste, QuoteLine};
use crate::wallet::key_choice::title;
use crate::wallet::parts::{Part, WalletPart};
use crate::wallet::problem::send_words;
use crate::wallet::scan_dialog::{ScanButton, request_in};
use crate::wallet::send_confirmation::{Confirming, SendConfirmation};
use fedcoin_node::primitives::Address;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{PaymentUri, Sum};
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{Draft, FeeChoice, Quote, SendProblem, State};

/// The user's input, and its meaning.
#[derive(Clone, Copy)]
struct Typed {
    recipient: Field<Address>,
    amount: Field<Amount>,
    /// Whether to pay everything, regardless of the amount's field.
    all: RwSignal<bool>,
    haste: AnySignal<Haste>,
    fee: Field<Amount>,
}

/// A field of the form. Its text is parsed only here.
#[derive(Clone, Copy)]
struct Field<T> {
    text: RwSignal<String>,
    /// The parsed text, or its error; `None` while the field is empty.
    parsed: Memo<Option<Result<T, String>>>,
}

/// The last quoted draft, and its quote.
type Answer = Option<(Draft, Result<Quote, SendProblem>)>;

/// Pays. Every field is checked while the user types.
#[component]
pub(crate) fn SendForm() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let contacts = expect_context::<Contacts>();
    let typed = Typed::new(i18n, contacts);
    take_over_links(typed, i18n.language_now());
    let sent = AnySignal::new(None::<Confirming>);
    let draft = Memo::new(move |_| typed.draft());
    let answer = AnySignal::new(Answer::None);
    keep_asking(session, draft, answer);
    let current = Memo::new(move |_| answer.get().filter(|(of, _)| draft.get().as_ref() == Some(of)).map(|(_, a)| a));
    fill_in_all(typed, current, i18n.language_now());
    let confirming = AnySignal::new(None::<Confirming>);
    let sendable =
        move || typed.recipient.value().is_some() && draft.get().is_some() && !matches!(current.get(), Some(Err(_)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(((client, draft), recipient)) =
            session.client().zip(draft.get_untracked()).zip(untrack(move || typed.recipient.value()))
        else {
            return;
        };
        spawn_local(async move {
            let result = client.quote(draft).await;
            answer.try_set(Some((draft, result.clone())));
            let Ok(quote) = result else { return };
            confirming.try_set(Some(Confirming { recipient, draft, quote }));
        });
    };
    view! {
        <form class="fields" autocomplete="off" aria-labelledby="send-title" on:submit=submit>
            <h2 id="send-title">{i18n.text(|texts| texts.send.title)}</h2>
            <Source />
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
        <SentNote sent />
        <SendConfirmation
            confirming
            on_sent=move |payment| {
                typed.clear();
                sent.set(Some(payment));
            }
        />
    }
}

/// Says what was sent last.
#[component]
fn SentNote(sent: AnySignal<Option<Confirming>>) -> impl IntoView {
    let i18n = use_i18n();
    let contacts = expect_context::<Contacts>();
    let words = move || {
        let (payment, language) = (sent.get()?, i18n.language());
        let amount = language.amount(payment.quote.amount);
        Some((language.texts().payment_list.sent)(&amount, &contacts.words(&payment.recipient)))
    };
    view! { <p role="status" class="good" data-testid=ids::SENT>{words}</p> }
}

/// Which key pays and what it has, where there are several.
#[component]
fn Source() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let (keys, key) = (session.keys(), session.key());
    let words = Memo::new(move |_| {
        let (key, language) = (key.get()?, i18n.language());
        let texts = &language.texts().payment_list;
        keys.with(|keys| keys.len() > 1).then(|| (texts.source)(&title(&key), &language.amount(key.balance.spendable)))
    });
    move || words.get().map(|words| view! { <p class="muted small number">{words}</p> })
}

/// Takes over the request of a link that opened the page.
fn take_over_links(typed: Typed, language: Language) {
    let (route, part) = (use_route(), expect_context::<WalletPart>());
    Effect::new(move |_| {
        let here = route.location();
        if let Some(request) = here.request {
            typed.fill(request, language);
            part.show(Part::Pay);
            route.replace(Location { request: None, ..here });
        }
    });
}

/// Requests a quote from the node whenever the draft, the balance or the mempool changes.
fn keep_asking(session: Session, draft: Memo<Option<Draft>>, answer: AnySignal<Answer>) {
    let key = session.key();
    let moment = session.part(State::moment);
    Effect::new(move |_| {
        key.get();
        moment.get();
        let Some((client, draft_now)) = session.client().zip(draft.get()) else { return };
        spawn_local(async move {
            let result = client.quote(draft_now).await;
            if draft.try_get_untracked().flatten().as_ref() == Some(&draft_now) {
                answer.try_set(Some((draft_now, result)));
            }
        });
    });
}

/// Writes the amount of "all" into the field.
fn fill_in_all(typed: Typed, current: Memo<Option<Result<Quote, SendProblem>>>, language: Language) {
    Effect::new(move |_| {
        if let (true, Some(Ok(quote))) = (typed.all.get(), current.get()) {
            typed.amount.text.set(language.plain_amount(quote.amount));
        }
    });
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Field<T> {
    fn new(parse: impl Fn(&str) -> Result<T, String> + Send + Sync + 'static) -> Self {
        let text = RwSignal::new(String::new());
        let parsed = Memo::new(move |_| text.with(|text| (!text.trim().is_empty()).then(|| parse(text))));
        Self { text, parsed }
    }

    fn value(self) -> Option<T> {
        self.parsed.get()?.ok()
    }

    fn error(self) -> Option<String> {
        self.parsed.get()?.err()
    }
}

impl Typed {
    fn new(i18n: I18n, contacts: Contacts) -> Self {
        let recipient = move |text: &str| match contacts.named(text) {
            Some(address) => Ok(address),
            None => input_check::recipient(text, i18n.language()),
        };
        Self {
            recipient: Field::new(recipient),
            amount: Field::new(move |text| checked_amount(text, i18n.language())),
            all: RwSignal::new(false),
            haste: AnySignal::new(Haste::Usual),
            fee: Field::new(move |text| input_check::amount(text, i18n.language())),
        }
    }

    /// The draft to quote; `None` while amount or fee is missing or invalid.
    fn draft(self) -> Option<Draft> {
        let amount = if self.all.get() { Sum::All } else { Sum::Exactly(self.amount.value()?) };
        let fee = match self.haste.get() {
            Haste::Economic => FeeChoice::Economic,
            Haste::Usual => FeeChoice::Usual,
            Haste::Urgent => FeeChoice::Urgent,
            Haste::Own => FeeChoice::Own(self.fee.value()?),
        };
        Some(Draft { amount, fee })
    }

    /// Fills the form from a payment request.
    fn fill(self, request: PaymentUri, language: Language) {
        self.recipient.text.set(request.recipient.to_string());
        if let Some(amount) = request.amount {
            self.all.set(false);
            self.amount.text.set(language.plain_amount(amount));
        }
    }

    fn clear(self) {
        self.recipient.text.set(String::new());
        self.amount.text.set(String::new());
        self.all.set(false);
        self.fee.text.set(String::new());
    }
}

fn checked_amount(text: &str, language: Language) -> Result<Amount, String> {
    let amount = input_check::amount(text, language)?;
    if amount == Amount::ZERO { Err(language.texts().send.amount_zero.into()) } else { Ok(amount) }
}

#[component]
fn RecipientField(typed: Typed) -> impl IntoView {
    let i18n = use_i18n();
    let error = Memo::new(move |_| typed.recipient.error());
    let contacts = expect_context::<Contacts>();
    let option = |contact: Contact| {
        view! { <option value=contact.name.to_string()>{short(&contact.address.to_string())}</option> }
    };
    // A pasted payment request also fills in the amount.
    let take_request = move |_| {
        let text = typed.recipient.text.get_untracked();
        if let Some(request) = request_in(&text).filter(|_| text.contains(':')) {
            typed.fill(request, i18n.language_now());
        }
    };
    view! {
        <div class="field">
            <div class="label-line">
                <label for="send-recipient">{i18n.text(|texts| texts.send.recipient)}</label>
                <div class="buttons">
                    <AddressBookButton
                        recipient=Signal::derive(move || typed.recipient.value())
                        on_pay=move |recipient| {
                            typed.fill(PaymentUri { recipient, amount: None }, i18n.language_now());
                        }
                    />
                    <ScanButton on_request=move |request| typed.fill(request, i18n.language_now()) />
                </div>
            </div>
            <input
                type="text"
                id="send-recipient"
                class="mono"
                spellcheck="false"
                autocapitalize="off"
                maxlength="400"
                list="contacts"
                placeholder=i18n.text(|texts| texts.send.recipient_hint)
                aria-describedby="send-recipient-error"
                aria-invalid=move || error.get().is_some().to_string()
                data-testid=ids::SEND_RECIPIENT
                bind:value=typed.recipient.text
                on:input=take_request
            />
            <datalist id="contacts">{move || contacts.all().into_iter().map(option).collect_view()}</datalist>
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
        let wrong = if typed.all.get() { None } else { typed.amount.error() };
        wrong.or_else(|| current.get()?.err().map(|why| send_words(&why, i18n.language())))
    });
    view! {
        <AmountField
            id=ids::SEND_AMOUNT
            label=Signal::derive(i18n.text(|texts| texts.send.amount))
            text=typed.amount.text
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
                {i18n.text(|texts| texts.send.pay_all)}
            </button>
        </AmountField>
    }
}

#[component]
fn FeeFields(typed: Typed, quote: Signal<Option<Quote>>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <FeeChoiceField haste=typed.haste />
            <Show when=move || typed.haste.get() == Haste::Own>
                <AmountField
                    id=ids::SEND_FEE
                    label=Signal::derive(i18n.text(|texts| texts.send.fee))
                    text=typed.fee.text
                    error=Signal::derive(move || typed.fee.error())
                />
            </Show>
            <QuoteLine quote />
        </div>
    }
}
