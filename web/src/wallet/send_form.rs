use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::parts::input_check;
use crate::session::use_session;
use crate::wallet::send_confirmation::SendConfirmation;
use fedcoin_node::primitives::Address;
use fedcoin_node::units::Amount;
use leptos::prelude::*;

/// What the user typed.
#[derive(Clone, Copy)]
struct Typed {
    recipient: RwSignal<String>,
    amount: RwSignal<String>,
    fee: RwSignal<String>,
}

/// What the user asks for, checked as far as the page can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Who gets it.
    pub(crate) recipient: Address,
    /// How much.
    pub(crate) amount: Amount,
    /// What the miner gets.
    pub(crate) fee: Amount,
    /// Amount and fee.
    pub(crate) total: Amount,
}

/// Pays. Every field is checked while it is typed in.
#[component]
pub(crate) fn SendForm() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let typed = Typed {
        recipient: RwSignal::new(String::new()),
        amount: RwSignal::new(String::new()),
        fee: RwSignal::new(String::new()),
    };
    let usual_fee = session.part(|state| state.mempool.usual_fee);
    let usual_fee = Memo::new(move |_| usual_fee.get().unwrap_or_default());
    let key = session.key();
    let spendable = Memo::new(move |_| key.get().map(|key| key.balance.spendable).unwrap_or_default());
    let order = Memo::new(move |_| typed.order(usual_fee.get(), i18n.language()).ok());
    let confirming = RwSignal::new(None::<Order>);
    let affordable = move || order.get().is_some_and(|order| order.total <= spendable.get());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if affordable() {
            confirming.set(order.get_untracked());
        }
    };
    view! {
        <form class="fields send" autocomplete="off" on:submit=submit>
            <h3>{move || i18n.texts().send.title}</h3>
            <RecipientField typed />
            <AmountFields typed spendable usual_fee />
            <div class="buttons">
                <button
                    type="submit"
                    class="primary"
                    data-testid=ids::SEND_REVIEW
                    disabled=move || !affordable()
                >
                    {move || i18n.texts().send.action}
                </button>
            </div>
        </form>
        <SendConfirmation confirming spendable on_sent=move |()| typed.clear() />
    }
}

impl Typed {
    fn order(self, usual_fee: Amount, language: Language) -> Result<Order, String> {
        let recipient = input_check::recipient(&self.recipient.get(), language)?;
        let amount = checked_amount(&self.amount.get(), language)?;
        let fee = checked_fee(&self.fee.get(), usual_fee, language)?;
        let texts = &language.texts().input;
        let too_large = || (texts.amount_too_large)(&self.amount.get(), &language.amount(Amount::MAX));
        let total = amount.checked_add(fee).ok_or_else(too_large)?;
        Ok(Order { recipient, amount, fee, total })
    }

    fn clear(self) {
        self.recipient.set(String::new());
        self.amount.set(String::new());
        self.fee.set(String::new());
    }
}

fn checked_amount(text: &str, language: Language) -> Result<Amount, String> {
    let amount = input_check::amount(text, language)?;
    if amount == Amount::ZERO { Err(language.texts().send.amount_zero.into()) } else { Ok(amount) }
}

/// No fee typed means the usual one.
fn checked_fee(text: &str, usual: Amount, language: Language) -> Result<Amount, String> {
    if text.trim().is_empty() { Ok(usual) } else { input_check::amount(text, language) }
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
    view! {
        <div class="field">
            <label for="send-recipient">{move || i18n.texts().send.recipient}</label>
            <input
                type="text"
                id="send-recipient"
                class="mono"
                spellcheck="false"
                autocapitalize="off"
                maxlength="400"
                placeholder=move || i18n.texts().send.recipient_hint
                aria-describedby="send-recipient-error"
                aria-invalid=move || error.get().is_some().to_string()
                data-testid=ids::SEND_RECIPIENT
                bind:value=typed.recipient
            />
            <p class="field-error" id="send-recipient-error" aria-live="polite" data-testid=ids::SEND_RECIPIENT_ERROR>
                {move || error.get()}
            </p>
        </div>
    }
}

#[component]
fn AmountFields(typed: Typed, spendable: Memo<Amount>, usual_fee: Memo<Amount>) -> impl IntoView {
    let i18n = use_i18n();
    let fee_error = Memo::new(move |_| {
        let language = i18n.language();
        typed.fee.with(|text| problem(text, |text| checked_fee(text, usual_fee.get(), language)))
    });
    let amount_error = Memo::new(move |_| {
        let language = i18n.language();
        let text = typed.amount.get();
        problem(&text, |text| checked_amount(text, language)).or_else(|| {
            let amount = checked_amount(&text, language).ok()?;
            let fee = checked_fee(&typed.fee.get(), usual_fee.get(), language).ok()?;
            let needed = amount.checked_add(fee)?;
            let spendable = spendable.get();
            (needed > spendable)
                .then(|| (language.texts().send.not_enough)(&language.amount(needed), &language.amount(spendable)))
        })
    });
    view! {
        <div class="field-pair">
            <AmountField
                id="send-amount"
                label=Signal::derive(move || i18n.texts().send.amount)
                text=typed.amount
                error=amount_error
                testid=ids::SEND_AMOUNT
                error_testid=ids::SEND_AMOUNT_ERROR
            />
            <AmountField
                id="send-fee"
                label=Signal::derive(move || i18n.texts().send.fee)
                text=typed.fee
                error=fee_error
                placeholder=Signal::derive(move || i18n.language().amount(usual_fee.get()))
                testid=ids::SEND_FEE
                error_testid=ids::SEND_FEE_ERROR
            />
        </div>
    }
}

#[component]
fn AmountField(
    id: &'static str,
    label: Signal<&'static str>,
    text: RwSignal<String>,
    error: Memo<Option<String>>,
    /// Stands in the empty field.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
    testid: &'static str,
    error_testid: &'static str,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <label for=id>{move || label.get()}</label>
            <input
                type="text"
                id=id
                class="number"
                inputmode="decimal"
                maxlength="40"
                placeholder=move || placeholder.get()
                aria-describedby=error_id.clone()
                aria-invalid=move || error.get().is_some().to_string()
                data-testid=testid
                bind:value=text
            />
            <p class="field-error" id=error_id aria-live="polite" data-testid=error_testid>{move || error.get()}</p>
        </div>
    }
}
