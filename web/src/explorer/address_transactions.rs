use crate::explorer::balance_change::BalanceChange;
use crate::explorer::block_view::TransactionLink;
use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::session::{Session, use_session};
use crate::signals::any_signal::AnySignal;
use fedcoin_node::primitives::Address;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{HistoryEntry, HistoryKind, HistoryPage, TxLocation};

/// The history of an address, page by page.
#[component]
pub(crate) fn AddressTransactions(address: Address) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let page = AnySignal::new(HistoryPage::default());
    load(session, address, None, page);
    let entries = move || page.with(|page| page.entries.clone());
    let older = move |_| load(session, address, page.with_untracked(|page| page.next), page);
    view! {
        <h3>{i18n.text(|texts| texts.view.history)}</h3>
        <Show when=move || page.with(|page| page.entries.is_empty())>
            <p class="muted">{i18n.text(|texts| texts.view.history_none)}</p>
        </Show>
        <ul class="rows">
            <For
                each=entries
                key=|entry| (entry.txid.0, entry.block.is_some())
                children=|entry| view! { <Line entry /> }
            />
        </ul>
        <Show when=move || page.with(|page| page.next.is_some())>
            <button type="button" class="small" data-testid=ids::ADDRESS_OLDER on:click=older>
                {i18n.text(|texts| texts.chain.older)}
            </button>
        </Show>
    }
}

/// Loads another page in place of the current one.
fn load(session: Session, address: Address, before: Option<TxLocation>, page: AnySignal<HistoryPage>) {
    let Some(client) = session.client() else { return };
    spawn_local(async move {
        if let Ok(new) = client.address_history(vec![address], before).await {
            // The dialog may be closed by now.
            page.try_set(new);
        }
    });
}

#[component]
fn Line(entry: HistoryEntry) -> impl IntoView {
    let i18n = use_i18n();
    let time = move || match (entry.block, entry.time) {
        (Some((_, height)), Some(time)) if height.0 > 0 => clock::date_time(time, i18n.language().code()),
        (Some(_), _) => i18n.texts().chain.genesis.into(),
        (None, _) => i18n.texts().transaction.waiting.into(),
    };
    view! {
        <li class="row" data-testid=ids::ADDRESS_TRANSACTION data-id=entry.txid.to_string()>
            <TransactionLink id=entry.txid />
            <span>{move || kind_words(entry.kind, i18n.texts())}</span>
            <span class="muted small">{time}</span>
            <BalanceChange entry />
        </li>
    }
}

const fn kind_words(kind: HistoryKind, texts: &Texts) -> &'static str {
    match kind {
        HistoryKind::Mined => texts.view.mined,
        HistoryKind::Received => texts.view.received,
        HistoryKind::Paid => texts.view.paid,
        HistoryKind::ToSelf => texts.view.to_self,
    }
}
