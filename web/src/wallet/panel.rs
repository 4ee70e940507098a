use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::backup::{BackupDialog, BackupOpen, BackupReminder};
use crate::wallet::bump_dialog::{BumpDialog, Bumping};
use crate::wallet::history_list::HistoryList;
use crate::wallet::key_choice::KeyChoice;
use crate::wallet::key_export::KeyExport;
use crate::wallet::key_import::KeyImport;
use crate::wallet::key_removal::KeyRemoval;
use crate::wallet::lock_bar::LockBar;
use crate::wallet::problem;
use crate::wallet::receive::Receive;
use crate::wallet::relock::{LockButton, Relock};
use crate::wallet::send_form::SendForm;
use crate::wallet::sent_list::SentPaymentsList;
use crate::wallet::sent_payments::SentPayments;
use crate::wallet::unsaved;
use fedcoin_keyring::{KeyName, Protection};
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::Balance;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::WalletCommand;

/// The wallet: keys, balance, payments and their results.
#[component]
pub(crate) fn WalletPanel() -> impl IntoView {
    let session = use_session();
    let has_key = session.has_key();
    SentPayments::provide(session);
    provide_context(BackupOpen(RwSignal::new(false)));
    provide_context(Bumping(AnySignal::new(None)));
    unsaved::guard(session);
    Relock::provide(session);
    view! {
        <div class="wallet" class:wallet-new=move || !has_key.get()>
            <section class="panel" aria-labelledby="wallet-title">
                <Head />
                <Show when=move || has_key.get() fallback=|| view! { <Introduction /> }>
                    <BalanceView />
                    <BackupReminder />
                    <Receive />
                </Show>
            </section>
            <Show when=move || has_key.get()>
                <section class="panel" aria-labelledby="send-title">
                    <SendForm />
                </section>
                <section class="panel" aria-labelledby="history-title">
                    <SentPaymentsList />
                    <HistoryList />
                </section>
            </Show>
            <Keys />
            <BumpDialog />
        </div>
    }
}

/// The heading, with the lock state.
#[component]
fn Head() -> impl IntoView {
    let i18n = use_i18n();
    let protection = use_session().protection();
    view! {
        <div class="panel-head">
            <h2 id="wallet-title">{i18n.text(|texts| texts.wallet.title)}</h2>
            <Show when=move || protection.get() == Protection::Unlocked><LockButton /></Show>
            <Show when=move || protection.get() == Protection::Locked>
                <span class="chip">{i18n.text(|texts| texts.passphrase.locked_chip)}</span>
            </Show>
        </div>
    }
}

#[component]
fn Introduction() -> impl IntoView {
    let i18n = use_i18n();
    view! { <p>{i18n.text(|texts| texts.wallet.intro)}</p> }
}

#[component]
fn BalanceView() -> impl IntoView {
    let i18n = use_i18n();
    let key = use_session().key();
    let balance = Memo::new(move |_| key.get().map(|key| key.balance).unwrap_or_default());
    let spendable = move || balance.get().spendable;
    let line = move |name: fn(&Texts) -> &'static str, part: fn(&Balance) -> Amount, testid: &'static str| {
        let amount = Memo::new(move |_| balance.with(part));
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
                <span class="balance-amount number" data-testid=ids::SPENDABLE data-value=move || spendable().to_string()>
                    {move || i18n.language().amount(spendable())}
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
        </div>
    }
}

/// The actions on keys.
#[component]
fn Keys() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let has_key = session.has_key();
    let problem = AnySignal::new(None);
    let new_key = move |_| {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            problem.set(client.change_wallet(WalletCommand::New { name: KeyName::default() }).await.err())
        });
    };
    let words = move || problem.get().map(|problem| problem::words(&problem, i18n.language()));
    view! {
        <section class="panel keys" aria-labelledby="keys-title">
            <h2 id="keys-title">{i18n.text(|texts| texts.keys.manage)}</h2>
            <KeyChoice />
            <div class="buttons">
                <button
                    type="button"
                    class:primary=move || !has_key.get()
                    data-testid=ids::KEY_NEW
                    disabled=move || session.ready().is_none()
                    on:click=new_key
                >
                    {i18n.text(|texts| texts.keys.new_key)}
                </button>
                <KeyImport />
                <Show when=move || has_key.get()>
                    <BackupDialog />
                    <KeyExport />
                    <KeyRemoval />
                </Show>
            </div>
            <p class="field-error" role="alert" data-testid=ids::KEY_PROBLEM>{words}</p>
            <Show when=move || has_key.get()><LockBar /></Show>
        </section>
    }
}
