use crate::i18n::use_i18n;
use crate::ids;
use crate::overview::tree_block::{COLUMN, HEIGHT, LANE, MARGIN, TreeBlock, WIDTH, element_id};
use crate::overview::tree_layout::{Spot, TreeLayout};
use crate::parts::clock;
use crate::parts::pace::Pace;
use crate::route::{View, use_route};
use crate::session::{Session, use_session};
use crate::shapes::fee_level::LEVELS;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::status::reorganisations::Reorganisations;
use fedcoin_node::primitives::BlockId;
use leptos::prelude::*;
use node_wasm::messages::BlockState;
use wasm_bindgen::JsCast;

/// Minimum interval of renderings during a sync, in milliseconds.
const PACE_MS: u64 = 1_000;
/// Number of blocks rendered during a sync: all are new each time, and rendering 40 of them would delay a click.
const PASSING: usize = 12;

/// The newest blocks and their branches, live.
#[component]
pub(crate) fn BlockTree() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let layout = drawn_layout(session);
    let chosen = AnySignal::new(None::<BlockId>);
    // One stop of the Tab key: the block selected with the arrow keys, otherwise the tip.
    let reached =
        Memo::new(move |_| layout.with(|layout| chosen.get().filter(|id| layout.find(*id).is_some()).or(layout.tip())));
    let walk = move |event: leptos::ev::KeyboardEvent| {
        let from = reached.get_untracked();
        if let Some(to) = from.and_then(|id| layout.with_untracked(|layout| layout.beside(id, &event.key()))) {
            event.prevent_default();
            chosen.set(Some(to));
            focus(to);
        }
    };
    let width = move || layout.with(|layout| layout.columns * COLUMN - (COLUMN - WIDTH) + 2 * MARGIN);
    let height = move || layout.with(|layout| (layout.lanes - 1) * LANE + HEIGHT + 2 * MARGIN);
    view! {
        <section class="panel tree-panel" aria-labelledby="tree-title">
            <div class="panel-head">
                <h2 id="tree-title">{i18n.text(|texts| texts.view.tree)}</h2>
                <Legend />
            </div>
            <p class="visually-hidden" id="tree-words">{move || words(layout, i18n)}</p>
            <div class="tree-scroll">
                <svg
                    class="tree"
                    width=width
                    height=height
                    role="group"
                    aria-labelledby="tree-title"
                    aria-describedby="tree-words"
                    data-testid=ids::TREE
                    on:keydown=walk
                >
                    <For
                        each=move || layout.with(|layout| layout.spots.clone())
                        key=|spot| spot.block.id.0
                        children=move |spot: Spot| {
                            let id = spot.block.id;
                            let spot_now = Memo::new(move |_| layout.with(|layout| layout.find(id).copied()));
                            let lit = Memo::new(move |_| {
                                let block = spot_now.with(|spot| spot.as_ref().map(|spot| (spot.block.state, spot.block.height)));
                                block.is_some_and(|(state, height)| state == BlockState::Primary && session.newly_connected(height))
                            });
                            let reached = Memo::new(move |_| reached.get() == Some(id));
                            view! { <TreeBlock spot=spot_now block=spot.block lit reached /> }
                        }
                    />
                </svg>
            </div>
            // Below, so that the blocks stay where they are.
            <Reorganisations />
        </section>
    }
}

/// The rendered layout: not updated while another view is visible, and rarely during a long sync, then only with the
/// newest blocks.
fn drawn_layout(session: Session) -> AnySignal<TreeLayout> {
    let layout = AnySignal::new(TreeLayout::of(&[]));
    let view = use_route().view();
    let blocks = session.part(|state| state.recent_blocks.clone());
    // Without a relay the blocks stay.
    let settled = session.part(|state| !state.status.sync.is_fetching());
    let pace = StoredValue::new(Pace::new(PACE_MS));
    Effect::new(move |_| {
        let (seen, settled) = (view.get() == View::Overview, settled.get() == Some(true));
        let Some(blocks) = blocks.get() else { return };
        if seen && (settled || pace.try_update_value(|pace| pace.is_due(clock::now())) == Some(true)) {
            let drawn: &[_] = if settled { &blocks } else { blocks.get(..PASSING).unwrap_or(&blocks) };
            let new = TreeLayout::of(drawn);
            if layout.with_untracked(|old| *old != new) {
                layout.set(new);
            }
        }
    });
    layout
}

fn focus(id: BlockId) {
    let element = document().get_element_by_id(&element_id(&id.to_string()));
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::SvgElement>().ok()) {
        // Never fails for an element of the document.
        let _ = element.focus();
    }
}

/// A description of the picture for screen readers.
fn words(layout: AnySignal<TreeLayout>, i18n: crate::i18n::I18n) -> String {
    let count = |state: BlockState| {
        layout.with(|layout| layout.spots.iter().filter(|spot| spot.block.state == state).count()) as u64
    };
    let tip = layout.with(|layout| layout.spots.iter().find(|spot| spot.tip).map_or(0, |spot| spot.block.height.0));
    let language = i18n.language();
    let [side, invalid, orphans] =
        [BlockState::Side, BlockState::Invalid, BlockState::Orphan].map(|state| language.number(count(state)));
    (i18n.texts().view.tree_words)(&language.number(tip.into()), &side, &invalid, &orphans)
}

/// The meaning of the blocks' styles.
#[component]
fn Legend() -> impl IntoView {
    let i18n = use_i18n();
    let item = move |state: &'static str, own: bool, words: fn(&crate::i18n::Texts) -> &'static str| {
        view! {
            <li class="legend-item">
                <svg class="legend-mark" width="18" height="18" aria-hidden="true">
                    <g class="tree-block" data-state=state data-own=own.to_string()>
                        <rect class="tree-box" x="2" y="2" width="14" height="14" rx="4" />
                        <path class="tree-own" d="M8 2H12a4 4 0 0 1 4 4V10Z" />
                    </g>
                </svg>
                {move || words(i18n.texts())}
            </li>
        }
    };
    view! {
        <ul class="legend muted small">
            {item("primary", false, |t| t.view.legend_primary)}
            {item("primary", true, |t| t.chain.mined_here)}
            {item("side", false, |t| t.view.legend_side)}
            {item("header-only", false, |t| t.view.legend_header)}
            {item("invalid", false, |t| t.view.legend_invalid)}
            <FeeScale />
        </ul>
    }
}

/// The colours of fees.
#[component]
fn FeeScale() -> impl IntoView {
    let i18n = use_i18n();
    let level = |n: u32| {
        let level = n.to_string();
        view! { <g class="tree-block" data-fee=level><rect class="tree-band" x=n * 10 y="3" width="9" height="12" /></g> }
    };
    view! {
        <li class="legend-item">
            <svg class="legend-mark" width=LEVELS * 10 height="18" aria-hidden="true">
                {(0..LEVELS).map(level).collect_view()}
            </svg>
            {i18n.text(|texts| texts.view.legend_fee)}
        </li>
    }
}
