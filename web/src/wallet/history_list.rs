use crate::explorer::subject::use_inspector;
use crate::i18n::{Texts, short, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::parts::download::Download;
use crate::route::Subject;
use crate::session::{Phase, Session, use_session};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::bump_dialog::BumpButton;
use crate::wallet::csv;
use crate::wallet::sent_payments::SentPayments;
use fedcoin_node::primitives::Address;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::client::NotRunning;
use node_wasm::messages::{HistoryCursor, HistoryEntry, HistoryKind, HistoryPage, State};

/// The path to the current page: where each page up to it begins.
type Way = Vec<Option<HistoryCursor>>;

/// The history of the key in use, page by page.
#[component]
pub(crate) fn HistoryList() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let page = AnySignal::new(HistoryPage::default());
    let way = AnySignal::new(vec![None]);
    let key = session.key();
    let address = Memo::new(move |_| key.get().map(|key| key.address));
    keep_asking(session, address, way, page);
    view! {
        <div class="history" data-testid=ids::HISTORY>
            <h2 id="history-title">{i18n.text(|texts| texts.history.title)}</h2>
            <Show when=move || page.with(|page| page.entries.is_empty())>
                <p class="muted">{i18n.text(|texts| texts.history.none)}</p>
            </Show>
            <ul class="rows history-entries" tabindex="0" aria-labelledby="history-title">
                <For
                    each=move || page.get().entries
                    key=|entry| (entry.txid.0, entry.block.map(|(id, _)| id.0), entry.kind as u8)
                    children=|entry| view! { <Line entry /> }
                />
            </ul>
            <Controls way page address />
        </div>
    }
}

/// Requests the current page at every new tip, because a new block or a changed mempool may add an entry.
fn keep_asking(session: Session, address: Memo<Option<Address>>, way: AnySignal<Way>, page: AnySignal<HistoryPage>) {
    let moment = session.part(State::moment);
    Effect::new(move |before: Option<Option<Address>>| {
        let wanted = address.get();
        if before.is_some_and(|before| before != wanted) {
            way.set(vec![None]);
        }
        moment.get();
        let place = way.with(|way| way.last().copied().flatten());
        if let Some((client, address)) = session.client().zip(wanted) {
            spawn_local(async move {
                if let Ok(answer) = client.address_history(address, place).await
                    && way.try_with_untracked(|way| way.last().copied().flatten()) == Some(place)
                {
                    page.try_set(answer);
                }
            });
        }
        wanted
    });
}

#[component]
fn Controls(way: AnySignal<Way>, page: AnySignal<HistoryPage>, address: Memo<Option<Address>>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let saving = RwSignal::new(Saving::Not);
    let newer = move |_| way.update(|way| way.truncate(way.len().saturating_sub(1).max(1)));
    let older = move |_| {
        if let Some(next) = page.with_untracked(|page| page.next) {
            way.update(|way| way.push(Some(next)));
        }
    };
    let save = move |_| {
        if let Some(address) = address.get_untracked() {
            spawn_local(save(session, address, saving));
        }
    };
    let is_saving = move || matches!(saving.get(), Saving::Entries(_));
    let words = move || match saving.get() {
        Saving::Not => String::new(),
        Saving::Entries(n) => i18n.language().plural(i18n.texts().history.csv_so_far, n),
        Saving::Failed => i18n.texts().history.csv_failed.into(),
    };
    view! {
        <div class="buttons">
            <Show when=move || { way.with(|way| way.len() > 1) }>
                <button type="button" class="small" data-testid=ids::HISTORY_NEWER on:click=newer>
                    {i18n.text(|texts| texts.history.newer)}
                </button>
            </Show>
            <Show when=move || page.with(|page| page.next.is_some())>
                <button type="button" class="small" data-testid=ids::HISTORY_OLDER on:click=older>
                    {i18n.text(|texts| texts.history.older)}
                </button>
            </Show>
            <Show when=move || page.with(|page| !page.entries.is_empty())>
                <button type="button" class="small" data-testid=ids::HISTORY_CSV disabled=is_saving on:click=save>
                    {i18n.text(|texts| texts.history.csv)}
                </button>
            </Show>
        </div>
        <div role="status">
            <Show when=move || !matches!(saving.get(), Saving::Not)>
                <p class="muted small" data-testid=ids::HISTORY_SAVING>{words}</p>
            </Show>
        </div>
    }
}

/// Progress of saving the history.
#[derive(Clone, Copy)]
enum Saving {
    Not,
    /// Number of entries so far.
    Entries(u64),
    Failed,
}

/// Saves the whole history as a table.
async fn save(session: Session, address: Address, saving: RwSignal<Saving>) {
    saving.set(Saving::Entries(0));
    let mut table = Download::default();
    let page = async |place| {
        let page = session.client().ok_or(NotRunning)?.address_history(address, place).await?;
        // A worker without a node also answers, but with nothing.
        if session.phase_now() != Phase::Running {
            return Err(NotRunning);
        }
        saving.try_update(|saving| {
            if let Saving::Entries(n) = saving {
                *n += page.entries.len() as u64;
            }
        });
        Ok(page)
    };
    let outcome = csv::write(page, |text| table.write(text)).await;
    if outcome.is_ok() {
        table.save(&format!("fedcoin-{address}-{}.csv", clock::iso_date(clock::now())));
    }
    saving.try_set(if outcome.is_ok() { Saving::Not } else { Saving::Failed });
}

#[component]
fn Line(entry: HistoryEntry) -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let time = move || match entry.time {
        Some(time) if entry.block.is_some_and(|(_, height)| height.0 > 0) => {
            clock::date_time(time, i18n.language().code())
        }
        Some(_) => i18n.texts().chain.genesis.into(),
        None => i18n.texts().transaction.waiting.into(),
    };
    let (sign, class) = match entry.kind {
        HistoryKind::Mined | HistoryKind::Received => ("+", "row-end number good"),
        HistoryKind::Paid => ("−", "row-end number"),
        HistoryKind::ToSelf => ("", "row-end number muted"),
    };
    let sent = expect_context::<SentPayments>();
    let txid = entry.txid;
    let waits = entry.block.is_none() && matches!(entry.kind, HistoryKind::Paid | HistoryKind::ToSelf);
    view! {
        <li class="row" data-testid=ids::HISTORY_ENTRY data-id=entry.txid.to_string()>
            <span class="break">
                <button
                    type="button"
                    class="plain"
                    on:click=move |_| inspector.show(Subject::Transaction(entry.txid))
                >
                    {move || what(&entry, i18n.texts())}
                </button>
                <span class="muted small">" " {time}</span>
                <Show when=move || waits && !sent.follows(txid)>" " <BumpButton txid /></Show>
            </span>
            <span class=class>{move || format!("{sign}{} FED", i18n.language().amount(entry.amount))}</span>
        </li>
    }
}

fn what(entry: &HistoryEntry, texts: &Texts) -> String {
    let other = entry.other.map(|other| short(&other.to_string())).unwrap_or_default();
    match entry.kind {
        HistoryKind::Mined => texts.history.mined.into(),
        HistoryKind::Received => (texts.history.received)(&other),
        HistoryKind::Paid => (texts.history.paid)(&other),
        HistoryKind::ToSelf => texts.history.to_self.into(),
    }
}
