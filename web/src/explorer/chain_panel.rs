use crate::explorer::block_list::{BlockList, Row};
use crate::explorer::block_row::{AwaitedRow, BlockRow};
use crate::i18n::use_i18n;
use crate::ids;
use leptos::prelude::*;

/// All blocks down to genesis as they arrive, side branches included. Only visible rows are in the document, so the
/// length of the chain does not matter.
#[component]
pub(crate) fn ChainPanel() -> impl IntoView {
    let i18n = use_i18n();
    let list = BlockList::new();
    let (window, rows) = (list.window(), list.rows());
    let resized = window_event_listener(leptos::ev::resize, move |_| list.measure());
    on_cleanup(move || resized.remove());
    view! {
        <section class="panel" aria-labelledby="chain-title">
            <h2 id="chain-title">{i18n.text(|texts| texts.chain.title)}</h2>
            <Show when=move || list.is_empty()>
                <p class="muted">{i18n.text(|texts| texts.chain.none)}</p>
            </Show>
            <div
                class="blocks"
                node_ref=list.element()
                role="group"
                tabindex="0"
                aria-labelledby="chain-title"
                data-testid=ids::BLOCKS
                on:scroll=move |_| list.measure()
            >
                <ol
                    style:padding-top=move || format!("{}px", window.get().above)
                    style:padding-bottom=move || format!("{}px", window.get().below)
                >
                    <For
                        each=move || rows.get()
                        key=|row| (row.height, row.block.map(|block| (block.id.0, block.state as u8, block.miner)))
                        children=row
                    />
                </ol>
            </div>
            <Ends list />
        </section>
    }
}

fn row(row: Row) -> impl IntoView {
    match row.block {
        Some(block) => view! { <BlockRow block /> }.into_any(),
        None => view! { <AwaitedRow height=row.height /> }.into_any(),
    }
}

/// Buttons that scroll to both ends of the list.
#[component]
fn Ends(list: BlockList) -> impl IntoView {
    let i18n = use_i18n();
    let away = list.is_away();
    view! {
        <div class="buttons pages">
            <Show when=move || away.get()>
                <button
                    type="button"
                    class="small"
                    data-testid=ids::BLOCKS_NEWEST
                    on:click=move |_| list.to_newest()
                >
                    {i18n.text(|texts| texts.chain.newest)}
                </button>
            </Show>
            <Show when=move || !list.is_empty()>
                <button
                    type="button"
                    class="small"
                    data-testid=ids::BLOCKS_OLDEST
                    on:click=move |_| list.to_oldest()
                >
                    {i18n.text(|texts| texts.chain.oldest)}
                </button>
            </Show>
        </div>
    }
}
