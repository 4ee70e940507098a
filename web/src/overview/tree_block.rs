use crate::explorer::block_fees::{fees, level};
use crate::explorer::block_view::{state_name, state_words};
use crate::explorer::share::{full_words, share_of_block};
use crate::i18n::{ends, use_i18n};
use crate::ids;
use crate::overview::tree_layout::Spot;
use crate::parts::clock::use_clock;
use crate::route::{Location, Subject, View, use_route};
use crate::session::{Session, use_session};
use crate::signals::memo::Memo;
use fedcoin_node::primitives::Address;
use fedcoin_node::units::{Amount, Height};
use leptos::prelude::*;
use leptos::svg;
use node_wasm::messages::BlockSummary;

/// Distance between two columns.
pub(crate) const COLUMN: u32 = 134;
/// Distance between two lanes.
pub(crate) const LANE: u32 = 124;
/// Width of a block.
pub(crate) const WIDTH: u32 = 116;
/// Height of a block.
pub(crate) const HEIGHT: u32 = 106;
/// Margin around all blocks, for the focus ring.
pub(crate) const MARGIN: u32 = 10;
/// Distance of a block's contents from its edge.
const INSET: u32 = 14;

/// A block of the tree as a tile, which links to its contents.
#[component]
pub(crate) fn TreeBlock(
    spot: Memo<Option<Spot>>,
    /// The block when it was first rendered.
    block: BlockSummary,
    /// Whether a reorganisation has just connected it.
    #[prop(into)]
    lit: Signal<bool>,
    /// Whether the Tab key reaches it.
    #[prop(into)]
    reached: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let route = use_route();
    let session = use_session();
    let addresses = session.own_addresses();
    let current = Memo::new(move |_| spot.get().map_or(block, |spot| spot.block));
    let location = Location::subject(View::Overview, Subject::Block(block.id));
    let own = Memo::new(move |_| miner(&current.get()).is_some_and(|miner| addresses.with(|own| own.contains(&miner))));
    let height = move || i18n.language().number(block.height.0.into());
    let words = tile_words(session, current, own);
    let label = move || {
        let state = state_words(current.get().state, i18n.texts()).to_owned();
        let title = (i18n.texts().chain.block)(&height());
        let full = fill(session, &current.get()).map(|share| full_words(share, i18n.language()));
        let words = words.map(|words| words.get()).into_iter().filter(|words| !words.is_empty());
        [title, state].into_iter().chain(words).chain(full).collect::<Vec<_>>().join(", ")
    };
    let at = move || {
        let (x, y) = spot.get().map_or((0, 0), |spot| (MARGIN + spot.column * COLUMN, MARGIN + spot.lane * LANE));
        format!("translate({x} {y})")
    };
    let level = Memo::new(move |_| level(session, &current.get()));
    view! {
        <g transform=at>
            <path class="tree-edge" d=move || spot.get().map(edge) data-state=move || state_name(current.get().state) />
            <g
                class="tree-block"
                role="link"
                id=element_id(&block.id.to_string())
                tabindex=move || if reached.get() { "0" } else { "-1" }
                data-testid=ids::TREE_BLOCK
                data-id=block.id.to_string()
                data-height=block.height.0.to_string()
                data-state=move || state_name(current.get().state)
                data-own=move || own.get().to_string()
                data-lit=move || lit.get().to_string()
                data-tip=move || spot.get().is_some_and(|spot| spot.tip).to_string()
                data-fee=move || level.get().to_string()
                on:click=move |_| route.go(location)
                on:keydown=move |event| route.enter(&event, location)
            >
                {svg::title().child(label)}
                <rect class="tree-box" width=WIDTH height=HEIGHT rx="9" />
                <Fill block=current session />
                <rect class="tree-band" x="5" y="10" width="4" height=HEIGHT - 20 rx="2" />
                <path class="tree-own" d=format!("M{} 2H{}a7 7 0 0 1 7 7V24Z", WIDTH - 24, WIDTH - 9) />
                <text class="tree-height" x=INSET y="24" aria-hidden="true">{height}</text>
                <Lines words />
            </g>
        </g>
    }
}

/// The `id` attribute of a block's element.
pub(crate) fn element_id(block: &str) -> String {
    format!("tree-{block}")
}

/// The line to the parent, relative to the block; a short stub if the parent is not shown.
fn edge(spot: Spot) -> String {
    let (middle, gap) = (f64::from(HEIGHT) / 2.0, f64::from(COLUMN - WIDTH));
    match spot.parent_lane {
        Some(lane) if lane == spot.lane => format!("M0 {middle}H-{gap}"),
        Some(lane) => {
            let up = (f64::from(lane) - f64::from(spot.lane)) * f64::from(LANE) + middle;
            format!("M0 {middle}C-{gap} {middle} 0 {up} -{gap} {up}")
        }
        None if spot.block.height == Height::GENESIS => String::new(),
        None => format!("M0 {middle}H-{}", gap / 2.0),
    }
}

/// Who mined a block; nobody mined genesis.
fn miner(block: &BlockSummary) -> Option<Address> {
    block.miner.filter(|_| block.height > Height::GENESIS)
}

/// How full a block is, from 0 to 1.
fn fill(session: Session, block: &BlockSummary) -> Option<f64> {
    Some(share_of_block(block.bytes?, block.payments?, &session.params()?))
}

/// A tile's lines: payments, fees, finder, age.
fn tile_words(session: Session, block: Memo<BlockSummary>, own: Memo<bool>) -> [Memo<String>; 4] {
    let (i18n, clock) = (use_i18n(), use_clock());
    let payments = move || {
        let awaited = || i18n.texts().view.legend_header.to_owned();
        block.get().payments.map_or_else(awaited, |n| i18n.language().payments(n))
    };
    let fees = move || match fees(session, &block.get()) {
        None => String::new(),
        _ if block.get().height == Height::GENESIS => String::new(),
        Some(Amount::ZERO) => i18n.texts().view.fees_none.into(),
        Some(fees) => format!("{} FED", i18n.language().rounded_amount(fees)),
    };
    let finder = move || match miner(&block.get()) {
        Some(_) if own.get() => i18n.texts().chain.mined_here.into(),
        Some(miner) => ends(&miner.to_string(), 6, 4),
        None => String::new(),
    };
    let age = move || match block.get().height {
        Height::GENESIS => i18n.texts().chain.genesis.into(),
        _ => i18n.language().age(block.get().time, clock.time()),
    };
    [
        Memo::new(move |_| payments()),
        Memo::new(move |_| fees()),
        Memo::new(move |_| finder()),
        Memo::new(move |_| age()),
    ]
}

#[component]
fn Lines(words: [Memo<String>; 4]) -> impl IntoView {
    let line = |(n, words): (u32, Memo<String>)| {
        view! { <text class="tree-line" data-line=n.to_string() x=INSET y=43 + 17 * n aria-hidden="true">{move || words.get()}</text> }
    };
    (0..).zip(words).map(line).collect_view()
}

/// How full the block is, as the level of a vessel.
#[component]
fn Fill(block: Memo<BlockSummary>, session: Session) -> impl IntoView {
    let inner = f64::from(HEIGHT - 4);
    let height = move || fill(session, &block.get()).unwrap_or(0.0) * inner;
    view! {
        <rect
            class="tree-fill"
            x="2"
            y=move || format!("{:.1}", 2.0 + inner - height())
            width=WIDTH - 4
            height=move || format!("{:.1}", height())
            rx="7"
        />
    }
}
