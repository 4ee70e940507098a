use crate::explorer::inspector::{Subject, use_inspector};
use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::parts::format::short;
use crate::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{HistoryEntry, HistoryKind};

/// Entries shown at first, and how many more each time.
const STEP: usize = 8;

/// What the key in use received and paid.
#[component]
pub(crate) fn HistoryList() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let entries = RwSignal::new(Vec::<HistoryEntry>::new());
    let shown = RwSignal::new(STEP);
    let key = session.key();
    let tip = session.part(|state| state.status.tip.id);
    Effect::new(move |_| {
        // A new block or a changed balance may mean a new entry.
        let wanted = key.get().map(|key| key.address);
        tip.get();
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            if let Ok(history) = client.history().await
                && key.try_get_untracked().flatten().map(|key| key.address) == wanted
            {
                entries.try_set(history);
            }
        });
    });
    let visible = move || entries.with(|all| all.iter().take(shown.get()).copied().collect::<Vec<_>>());
    view! {
        <details class="history">
            <summary>{move || i18n.texts().wallet.history}</summary>
            <Show when=move || entries.with(Vec::is_empty)>
                <p class="muted">{move || i18n.texts().wallet.history_none}</p>
            </Show>
            <ul class="rows">
                <For
                    each=visible
                    key=|entry| (entry.txid.0, entry.block.is_some(), entry.kind as u8)
                    children=|entry| view! { <Line entry /> }
                />
            </ul>
            <Show when=move || entries.with(|all| all.len() > shown.get())>
                <button type="button" class="small" on:click=move |_| shown.update(|n| *n += STEP)>
                    {move || i18n.texts().wallet.show_more}
                </button>
            </Show>
        </details>
    }
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
        None => i18n.texts().payment.waiting.into(),
    };
    let (sign, class) = match entry.kind {
        HistoryKind::Mined | HistoryKind::Received => ("+", "row-end number good"),
        HistoryKind::Paid => ("−", "row-end number"),
        HistoryKind::ToSelf => ("", "row-end number muted"),
    };
    view! {
        <li class="row" data-testid=ids::HISTORY_ENTRY data-id=entry.txid.to_string()>
            <span class="break">
                <button
                    type="button"
                    class="plain"
                    on:click=move |_| inspector.show(Subject::Payment(entry.txid))
                >
                    {move || what(&entry, i18n.texts())}
                </button>
                <span class="muted small">" " {time}</span>
            </span>
            <span class=class>{move || format!("{sign}{} FED", i18n.language().amount(entry.amount))}</span>
        </li>
    }
}

fn what(entry: &HistoryEntry, texts: &Texts) -> String {
    let other = entry.other.map(|other| short(&other.to_string())).unwrap_or_default();
    match entry.kind {
        HistoryKind::Mined => texts.wallet.mined.into(),
        HistoryKind::Received => (texts.wallet.received)(&other),
        HistoryKind::Paid => (texts.wallet.paid)(&other),
        HistoryKind::ToSelf => texts.wallet.to_self.into(),
    }
}
