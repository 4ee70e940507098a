use crate::i18n::use_i18n;
use crate::ids;
use crate::route::use_route;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::wallet::backup::{BackupButton, BackupDialog, BackupOpen, BackupReminder};
use crate::wallet::balances::Balances;
use crate::wallet::bump_dialog::{BumpDialog, Bumping};
use crate::wallet::contacts::Contacts;
use crate::wallet::history_list::HistoryList;
use crate::wallet::key_choice::KeyNaming;
use crate::wallet::key_export::KeyExport;
use crate::wallet::key_import::KeyImport;
use crate::wallet::key_removal::KeyRemoval;
use crate::wallet::lock_bar::LockBar;
use crate::wallet::new_key;
use crate::wallet::parts::{PartChoice, WalletPart};
use crate::wallet::receive::Receive;
use crate::wallet::relock::Relock;
use crate::wallet::send_form::SendForm;
use crate::wallet::sent_payments::SentPayments;
use crate::wallet::unsaved;
use fedcoin_keyring::Protection;
use leptos::prelude::*;

/// The wallet: keys, balance, payments and their results.
#[component]
pub(crate) fn WalletPanel() -> impl IntoView {
    let session = use_session();
    let has_key = session.has_key();
    SentPayments::provide(session);
    Contacts::provide(session);
    let part = WalletPart::provide();
    provide_context(BackupOpen(RwSignal::new(false)));
    provide_context(Bumping(AnySignal::new(None)));
    unsaved::guard(session);
    Relock::provide(session);
    view! {
        <div class="wallet" class:wallet-new=move || !has_key.get() data-part=move || part.get().name()>
            <section class="panel wallet-balance" aria-labelledby="wallet-title">
                <Head />
                <Show when=move || has_key.get() fallback=|| view! { <Introduction /> }>
                    <Balances />
                    <BackupReminder />
                </Show>
            </section>
            <Show when=move || has_key.get()>
                <PartChoice />
                <section class="panel wallet-receive" aria-labelledby="receive-title"><Receive /></section>
                <section class="panel wallet-pay" aria-labelledby="send-title"><SendForm /></section>
                <section class="panel wallet-history" aria-labelledby="history-title"><HistoryList /></section>
                <BackupDialog />
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
            <Show when=move || protection.get() == Protection::Locked>
                <span class="chip">{i18n.text(|texts| texts.passphrase.locked_chip)}</span>
            </Show>
        </div>
    }
}

/// What a wallet without a key says: what a key is, and what a link asks to be paid.
#[component]
fn Introduction() -> impl IntoView {
    let i18n = use_i18n();
    let route = use_route();
    let contacts = expect_context::<Contacts>();
    let asked = move || {
        let (request, language) = (route.location().request?, i18n.language());
        let (texts, to) = (&language.texts().payment_list, contacts.words(&request.recipient));
        Some(match request.amount {
            Some(amount) => (texts.asked)(&language.amount(amount), &to),
            None => (texts.asked_any)(&to),
        })
    };
    view! {
        {move || asked().map(|words| view! { <p class="callout">{words}</p> })}
        <p>{i18n.text(|texts| texts.wallet.intro)}</p>
    }
}

/// Makes and imports keys.
#[component]
fn NewKeys(primary: bool) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let outcome = AnySignal::new(None);
    let (keys, key) = (session.keys(), session.key());
    view! {
        <div class="buttons">
            <button
                type="button"
                class:primary=primary
                data-testid=ids::KEY_NEW
                disabled=move || session.ready().is_none()
                on:click=move |_| new_key::make(session, outcome)
            >
                {i18n.text(|texts| texts.keys.new_key)}
            </button>
            <KeyImport />
        </div>
        <p class="field-error" role="alert" data-testid=ids::KEY_PROBLEM>
            {move || new_key::problem_words(outcome, i18n)}
        </p>
        <p role="status" data-testid=ids::KEY_MADE>{move || new_key::made_words(outcome, keys, key, i18n)}</p>
    }
}

/// What can be done with keys. It is folded away from paying: most of it can lose money.
#[component]
fn Keys() -> impl IntoView {
    let i18n = use_i18n();
    let has_key = use_session().has_key();
    let title = i18n.text(|texts| texts.keys.manage);
    let first = move || {
        view! {
            <h2 id="keys-title">{title}</h2>
            <NewKeys primary=true />
        }
    };
    view! {
        <section class="panel wallet-keys" aria-labelledby="keys-title">
            <Show when=move || has_key.get() fallback=first>
                <details data-testid=ids::KEYS>
                    <summary><h2 id="keys-title">{title}</h2></summary>
                    <div class="keys">
                        <KeyNaming />
                        <div class="buttons">
                            <BackupButton />
                            <KeyExport />
                            <KeyRemoval />
                        </div>
                        <LockBar />
                        <NewKeys primary=false />
                    </div>
                </details>
            </Show>
        </section>
    }
}
