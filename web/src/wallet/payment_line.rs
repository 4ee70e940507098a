use crate::explorer::balance_change::BalanceChange;
use crate::explorer::subject::use_inspector;
use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::route::Subject;
use crate::session::use_session;
use crate::signals::memo::Memo;
use crate::wallet::bump_dialog::BumpButton;
use crate::wallet::contacts::Contacts;
use crate::wallet::sent_payments::SentPayment;
use crate::wallet::wait;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use node_wasm::messages::{HistoryEntry, HistoryKind};

/// Confirmations after which a payment counts as final: a reorganisation this deep does not happen by chance.
const FINAL: u32 = 6;

/// How far a payment or a reward has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    /// Blocks above it, its own included; 0 while it waits.
    confirmations: u32,
    /// Blocks until a reward can be spent.
    matures_in: u32,
}

/// A payment or a mining reward, in the mempool or the chain.
#[component]
pub(crate) fn PaymentLine(entry: HistoryEntry) -> impl IntoView {
    let inspector = use_inspector();
    let i18n = use_i18n();
    let contacts = expect_context::<Contacts>();
    let progress = progress(entry);
    let txid = entry.txid;
    let (adds, takes) = entry.change();
    let change = if takes > Amount::ZERO { format!("-{takes}") } else { adds.to_string() };
    let state = move || if progress.get().confirmations == 0 { "waiting" } else { "confirmed" };
    let pays = matches!(entry.kind, HistoryKind::Paid | HistoryKind::ToSelf);
    view! {
        <li
            class="row payment"
            data-testid=ids::HISTORY_ENTRY
            data-id=txid.to_string()
            data-kind=kind_name(entry.kind)
            data-state=state
            data-confirmations=move || progress.get().confirmations.to_string()
            data-value=change
        >
            <span class="break">
                <button type="button" class="plain" on:click=move |_| inspector.show(Subject::Transaction(txid))>
                    {move || what(&entry, contacts, i18n.language())}
                </button>
                <StateWords entry progress />
                <Show when=move || pays && progress.get().confirmations == 0>
                    <BumpButton txid fee=entry.fee />
                </Show>
            </span>
            <BalanceChange entry />
        </li>
    }
}

/// A payment sent from here that was dropped: it has no effect on the balance.
#[component]
pub(crate) fn DroppedLine(payment: SentPayment) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let contacts = expect_context::<Contacts>();
    let SentPayment { txid, recipient, amount, reason, .. } = payment;
    let what = move || (i18n.texts().history.paid)(&contacts.words(&recipient));
    let why = move || match session.drop_reason(txid).as_ref().or(reason.as_ref()) {
        Some(reason) => i18n.language().drop_reason(reason),
        None => i18n.texts().transaction.replaced.into(),
    };
    view! {
        <li
            class="row payment"
            data-testid=ids::HISTORY_ENTRY
            data-id=txid.to_string()
            data-kind=kind_name(HistoryKind::Paid)
            data-state="dropped"
        >
            <span class="break">
                <span>{what}</span>
                <span class="small bad payment-state">{why}</span>
            </span>
            <span class="row-end balance-change">
                <s class="number muted">{move || format!("{} FED", i18n.language().amount(amount))}</s>
                <span class="muted small">{i18n.text(|texts| texts.payment_list.not_counted)}</span>
            </span>
        </li>
    }
}

/// Follows a payment up the chain.
fn progress(entry: HistoryEntry) -> Memo<Progress> {
    let session = use_session();
    let tip = session.part(|state| state.status.tip.height);
    Memo::new(move |_| {
        let (Some((_, height)), Some(tip)) = (entry.block, tip.get()) else {
            return Progress { confirmations: 0, matures_in: 0 };
        };
        let matures_in = entry.spendable_from.map_or(0, |from| from.0.saturating_sub(tip.0.saturating_add(1)));
        Progress { confirmations: tip.0.saturating_add(1).saturating_sub(height.0).max(1), matures_in }
    })
}

/// When it was, and what is still to come.
#[component]
fn StateWords(entry: HistoryEntry, progress: Memo<Progress>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let matures = Memo::new(move |_| {
        let (blocks, pace) = (progress.get().matures_in, session.params()?.spacing_ms);
        (blocks > 0).then(|| maturing_words(blocks, pace, i18n.language()))
    });
    let time = move || match entry.time {
        Some(time) if entry.block.is_some_and(|(_, height)| height.0 > 0) => {
            clock::date_time(time, i18n.language().code())
        }
        Some(_) => i18n.texts().chain.genesis.into(),
        None => i18n.texts().transaction.waiting.into(),
    };
    let climbs = move || (1..FINAL).contains(&progress.get().confirmations) && entry.kind != HistoryKind::Mined;
    view! {
        <span class="muted small payment-state">
            {time}
            <Show when=climbs><Confirmations progress /></Show>
            {move || matures.get().map(|words| view! { <span data-testid=ids::MATURES>{words}</span> })}
        </span>
    }
}

/// How far a payment is from being as good as final.
#[component]
fn Confirmations(progress: Memo<Progress>) -> impl IntoView {
    let i18n = use_i18n();
    let reached = move || progress.get().confirmations.min(FINAL);
    let label = move || {
        let language = i18n.language();
        let number = |n: u32| language.number(n.into());
        (language.texts().send.confirmations)(&number(reached()), &number(FINAL))
    };
    view! { <progress class="confirmations" max=FINAL value=reached aria-label=label title=label></progress> }
}

fn maturing_words(blocks: u32, pace: u64, language: Language) -> String {
    let texts = &language.texts().payment_list;
    let time = wait::time(blocks, pace, language);
    match blocks {
        1 => (texts.matures_next)(&time),
        _ => (texts.matures)(&language.number(blocks.into()), &time),
    }
}

/// The kind as a word for tests.
const fn kind_name(kind: HistoryKind) -> &'static str {
    match kind {
        HistoryKind::Mined => "mined",
        HistoryKind::Received => "received",
        HistoryKind::Paid => "paid",
        HistoryKind::ToSelf => "to-self",
    }
}

fn what(entry: &HistoryEntry, contacts: Contacts, language: Language) -> String {
    let texts = language.texts();
    let other = entry.other.map(|other| contacts.words(&other)).unwrap_or_default();
    match entry.kind {
        HistoryKind::Mined => texts.history.mined.into(),
        HistoryKind::Received => (texts.history.received)(&other),
        HistoryKind::Paid => (texts.history.paid)(&other),
        HistoryKind::ToSelf if entry.other == Some(entry.own) => texts.history.to_self.into(),
        HistoryKind::ToSelf => (texts.payment_list.moved)(&other),
    }
}
