use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::clock;
use crate::parts::download::Download;
use crate::session::{Phase, Session, use_session};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::csv;
use crate::wallet::payment_line::{DroppedLine, PaymentLine};
use crate::wallet::sent_payments::SentPayments;
use fedcoin_node::primitives::Address;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::client::NotRunning;
use node_wasm::messages::{HistoryPage, State, TxLocation};

/// The path to the current page: where each page up to it begins.
type PageStarts = Vec<Option<TxLocation>>;

/// The history of all keys, page by page: dropped payments first, then waiting ones, then the chain's, newest first.
#[component]
pub(crate) fn HistoryList() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let page = AnySignal::new(HistoryPage::default());
    let starts = AnySignal::new(vec![None]);
    let own = session.own_addresses();
    keep_asking(session, own, starts, page);
    let sent = expect_context::<SentPayments>();
    let dropped = Memo::new(move |_| if starts.with(|starts| starts.len() == 1) { sent.dropped() } else { Vec::new() });
    let is_empty = Memo::new(move |_| page.with(|page| page.entries.is_empty()) && dropped.with(Vec::is_empty));
    view! {
        <div class="history" data-testid=ids::HISTORY>
            <h2 id="history-title">{i18n.text(|texts| texts.history.title)}</h2>
            <Show when=move || is_empty.get()>
                <p class="muted">{i18n.text(|texts| texts.history.none)}</p>
            </Show>
            <ul class="rows history-entries" tabindex="0" aria-labelledby="history-title">
                {move || dropped.get().into_iter().map(|payment| view! { <DroppedLine payment /> }).collect_view()}
                <For
                    each=move || page.get().entries
                    key=|entry| (entry.txid.0, entry.block.map(|(id, _)| id.0), entry.kind as u8)
                    children=|entry| view! { <PaymentLine entry /> }
                />
            </ul>
            <Controls starts page own />
        </div>
    }
}

/// Requests the current page at every new tip, because a new block or a changed mempool may add an entry.
fn keep_asking(session: Session, own: Memo<Vec<Address>>, starts: AnySignal<PageStarts>, page: AnySignal<HistoryPage>) {
    let moment = session.part(State::moment);
    Effect::new(move |before: Option<Vec<Address>>| {
        let wanted = own.get();
        if before.is_some_and(|before| before != wanted) {
            starts.set(vec![None]);
        }
        moment.get();
        let place = starts.with(|starts| starts.last().copied().flatten());
        if let Some(client) = session.client() {
            let own = wanted.clone();
            spawn_local(async move {
                if let Ok(answer) = client.address_history(own, place).await
                    && starts.try_with_untracked(|starts| starts.last().copied().flatten()) == Some(place)
                {
                    page.try_set(answer);
                }
            });
        }
        wanted
    });
}

#[component]
fn Controls(starts: AnySignal<PageStarts>, page: AnySignal<HistoryPage>, own: Memo<Vec<Address>>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let saving = RwSignal::new(Saving::Not);
    let newer = move |_| starts.update(|starts| starts.truncate(starts.len().saturating_sub(1).max(1)));
    let older = move |_| {
        if let Some(next) = page.with_untracked(|page| page.next) {
            starts.update(|starts| starts.push(Some(next)));
        }
    };
    let save = move |_| spawn_local(save(session, own.get_untracked(), saving));
    let is_saving = move || matches!(saving.get(), Saving::Entries(_));
    let words = move || match saving.get() {
        Saving::Not => String::new(),
        Saving::Entries(n) => i18n.language().plural(i18n.texts().history.csv_so_far, n),
        Saving::Failed => i18n.texts().history.csv_failed.into(),
    };
    view! {
        <div class="buttons">
            <Show when=move || { starts.with(|starts| starts.len() > 1) }>
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
async fn save(session: Session, own: Vec<Address>, saving: RwSignal<Saving>) {
    saving.set(Saving::Entries(0));
    let mut table = Download::default();
    let page = async |place| {
        let page = session.client().ok_or(NotRunning)?.address_history(own.clone(), place).await?;
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
        table.save(&format!("fedcoin-history-{}.csv", clock::iso_date(clock::now())));
    }
    saving.try_set(if outcome.is_ok() { Saving::Not } else { Saving::Failed });
}
