use crate::explorer::block_view::{state_name, state_words};
use crate::i18n::use_i18n;
use crate::ids;
use crate::overview::tree_layout::Spot;
use crate::route::{Location, Subject, View, use_route};
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_node::units::Height;
use leptos::prelude::*;
use leptos::svg;
use node_wasm::messages::BlockSummary;

/// Distance between two columns.
pub(crate) const COLUMN: u32 = 66;
/// Distance between two lanes.
pub(crate) const LANE: u32 = 78;
/// Width and height of a block.
pub(crate) const SIZE: u32 = 48;
/// Margin around all blocks, for the focus ring.
pub(crate) const MARGIN: u32 = 10;
/// Maximum number of payments shown as dots; beyond it, the number is written.
const MAX_DOTS: u32 = 5;

/// A block of the tree, which links to its contents.
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
    let addresses = use_session().own_addresses();
    let current = Memo::new(move |_| spot.get().map_or(block, |spot| spot.block));
    let location = Location::subject(View::Overview, Subject::Block(block.id));
    let miner = move || current.get().miner.filter(|_| block.height > Height::GENESIS);
    let own = Memo::new(move |_| miner().is_some_and(|miner| addresses.with(|own| own.contains(&miner))));
    let height = move || i18n.language().number(block.height.0.into());
    let label = move || {
        let texts = i18n.texts();
        let mut words = vec![(texts.chain.block)(&height()), state_words(current.get().state, texts).into()];
        words.extend(current.get().payments.map(|n| i18n.language().payments(n)));
        words.extend(own.get().then(|| texts.chain.mined_here.into()));
        words.join(", ")
    };
    let at = move || {
        let (x, y) = spot.get().map_or((0, 0), |spot| (MARGIN + spot.column * COLUMN, MARGIN + spot.lane * LANE));
        format!("translate({x} {y})")
    };
    view! {
        <g class="tree-location" transform=at>
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
                on:click=move |_| route.go(location)
                on:keydown=move |event| route.enter(&event, location)
            >
                {svg::title().child(label)}
                <rect class="tree-box" width=SIZE height=SIZE rx="9" />
                <Fill block=current />
                <text class="tree-height" x=SIZE / 2 y="21" text-anchor="middle" aria-hidden="true">{height}</text>
                <Payments block=current />
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
    let (middle, gap) = (f64::from(SIZE) / 2.0, f64::from(COLUMN - SIZE));
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

/// How full the block is, by bytes or payments, whichever is more.
#[component]
fn Fill(block: Memo<BlockSummary>) -> impl IntoView {
    let session = use_session();
    let share = move || {
        let (params, block) = (session.params()?, block.get());
        let bytes = f64::from(block.bytes?) / f64::from(params.max_block_bytes.max(1));
        let payments = f64::from(block.payments?) / f64::from(params.max_block_payments.max(1));
        Some(bytes.max(payments).min(1.0))
    };
    let inner = f64::from(SIZE - 4);
    let height = move || share().unwrap_or(0.0) * inner;
    view! {
        <rect
            class="tree-fill"
            x="2"
            y=move || format!("{:.1}", 2.0 + inner - height())
            width=inner
            height=move || format!("{:.1}", height())
            rx="7"
        />
    }
}

/// The block's payments, as dots if they are few.
#[component]
fn Payments(block: Memo<BlockSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || block.get().payments;
    let dots = move || {
        let count = count().filter(|n| *n <= MAX_DOTS)?;
        let first = f64::from(SIZE) / 2.0 - f64::from(count.saturating_sub(1)) * 3.5;
        let dot = move |n| view! { <circle class="tree-dot" cx=first + f64::from(n) * 7.0 cy="35" r="2.4" /> };
        Some((0..count).map(dot).collect_view())
    };
    let number = move || count().filter(|n| *n > MAX_DOTS).map(|n| i18n.language().number(n.into()));
    view! {
        {dots}
        <text class="tree-payments" x=SIZE / 2 y="39" text-anchor="middle">{number}</text>
    }
}
