use crate::explorer::block_row::BlockRow;
use crate::i18n::use_i18n;
use crate::ids;
use crate::session::use_session;
use fedcoin_node::units::Height;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::{BlockPlace, BlockSummary};

/// Blocks shown at a time.
const PAGE: u32 = 50;

/// Older blocks, while the user looks at them instead of the newest.
#[derive(Clone, PartialEq)]
struct OlderPage {
    /// The height the page begins with.
    from: Height,
    blocks: Vec<BlockSummary>,
}

/// The blocks as they arrive, side branches included.
#[component]
pub(crate) fn ChainPanel() -> impl IntoView {
    let i18n = use_i18n();
    let older = RwSignal::new(None::<OlderPage>);
    let newest =
        use_session().part(|state| state.recent_blocks.iter().take(PAGE as usize).copied().collect::<Vec<_>>());
    let shown = Memo::new(move |_| match older.get() {
        Some(page) => page.blocks,
        None => newest.get().unwrap_or_default(),
    });
    let row = |block: BlockSummary| view! { <BlockRow block /> };
    view! {
        <section class="panel" aria-labelledby="chain-title">
            <h2 id="chain-title">{move || i18n.texts().chain.title}</h2>
            <Show when=move || shown.get().is_empty()>
                <p class="muted">{move || i18n.texts().chain.none}</p>
            </Show>
            <ol class="blocks" data-testid=ids::BLOCKS>
                <For each=move || shown.get() key=|block| (block.id.0, block.place as u8, block.miner) children=row />
            </ol>
            <Pages older shown />
        </section>
    }
}

/// Buttons to older and newer blocks.
#[component]
fn Pages(older: RwSignal<Option<OlderPage>>, shown: Memo<Vec<BlockSummary>>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let go = move |from: Height| {
        let Some(client) = session.client() else { return };
        spawn_local(async move {
            if let Ok(blocks) = client.blocks(Some(from), PAGE).await {
                older.set(Some(OlderPage { from, blocks }));
            }
        });
    };
    let lowest = Memo::new(move |_| {
        shown.with(|blocks| blocks.iter().filter(|b| b.place == BlockPlace::Primary).map(|b| b.height).min())
    });
    let tip = session.part(|state| state.status.tip.height);
    let go_newer = move |_| {
        let Some(page) = older.get_untracked() else { return };
        let from = Height(page.from.0.saturating_add(PAGE));
        if tip.get_untracked().is_some_and(|tip| from >= tip) { older.set(None) } else { go(from) }
    };
    let go_older = move |_| {
        if let Some(lowest) = lowest.get_untracked() {
            go(lowest.back(1));
        }
    };
    let is_old = move || older.with(Option::is_some);
    let at_genesis = move || lowest.get().is_none_or(|height| height == Height::GENESIS);
    view! {
        <div class="buttons pages">
            <Show when=is_old>
                <button type="button" class="small" data-testid=ids::BLOCKS_NEWEST on:click=move |_| older.set(None)>
                    {move || i18n.texts().chain.newest}
                </button>
                <button type="button" class="small" data-testid=ids::BLOCKS_NEWER on:click=go_newer>
                    {move || i18n.texts().chain.newer}
                </button>
            </Show>
            <Show when=move || !at_genesis()>
                <button type="button" class="small" data-testid=ids::BLOCKS_OLDER on:click=go_older>
                    {move || i18n.texts().chain.older}
                </button>
            </Show>
        </div>
    }
}
