use crate::i18n::{Language, short, use_i18n};
use crate::ids;
use crate::route::{Location, Subject, View, use_route};
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::units::{Amount, Height};
use leptos::prelude::*;
use leptos::svg;
use node_wasm::messages::{ComingBlockSummary, ComingPayment};

/// Width and height of a box.
const SIZE: f64 = 120.0;
/// Number of shades for fee rates.
const SHADES: u32 = 5;

/// The mempool as the blocks that it will make.
#[component]
pub(crate) fn ComingBlocks() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let coming = session.part(|state| (state.status.tip.height, state.mempool.coming.clone(), state.mempool.count));
    let blocks = Memo::new(move |_| coming.get().map(|(_, blocks, _)| blocks).unwrap_or_default());
    let tip = Memo::new(move |_| coming.get().map_or(Height::GENESIS, |(tip, ..)| tip));
    let later = move || {
        let (_, blocks, count) = coming.get()?;
        let remaining = u64::from(count).saturating_sub(blocks.iter().map(|block| u64::from(block.count)).sum());
        (remaining > 0).then(|| i18n.language().plural(i18n.texts().view.coming_later, remaining))
    };
    let numbers = move || blocks.with(|blocks| (0..blocks.len()).collect::<Vec<_>>());
    view! {
        <section class="panel" aria-labelledby="coming-title">
            <div class="panel-head">
                <h2 id="coming-title">{i18n.text(|texts| texts.view.coming)}</h2>
                <AllWaiting />
            </div>
            <Show when=move || blocks.with(Vec::is_empty)>
                <p class="muted">{i18n.text(|texts| texts.transaction.mempool_none)}</p>
            </Show>
            <ol class="coming-blocks">
                <For
                    each=numbers
                    key=|n| *n
                    children=move |n| {
                        let block = Memo::new(move |_| blocks.with(|blocks| blocks.get(n).cloned()));
                        let height = Memo::new(move |_| Height(tip.get().0.saturating_add(n as u32 + 1)));
                        view! { <Box block height /> }
                    }
                />
            </ol>
            <p class="muted small">{later}</p>
        </section>
    }
}

/// A link to the list of all waiting payments.
#[component]
fn AllWaiting() -> impl IntoView {
    let i18n = use_i18n();
    let route = use_route();
    let place = Location::view(View::Blocks);
    view! {
        <a class="small" href=place.fragment() on:click=move |event| route.follow(&event, place)>
            {i18n.text(|texts| texts.transaction.mempool)}
        </a>
    }
}

#[component]
fn Box(block: Memo<Option<ComingBlockSummary>>, height: Memo<Height>) -> impl IntoView {
    let i18n = use_i18n();
    let name = move || (i18n.texts().view.coming_block)(&i18n.language().number(height.get().0.into()));
    let content = move || {
        let (block, language) = (block.get()?, i18n.language());
        Some(format!("{}, {}", language.payments(block.count), language.bytes(block.bytes.into())))
    };
    let rates = move || block.get().map(|block| rates(&block, i18n.language()));
    let fees = move || {
        let fees = block.get().map(|block| block.fees).filter(|fees| *fees > Amount::ZERO)?;
        Some((i18n.texts().view.coming_fees)(&i18n.language().amount(fees)))
    };
    view! {
        <li
            class="coming-block"
            data-testid=ids::COMING_BLOCK
            data-height=move || height.get().0.to_string()
            data-payments=move || block.get().map(|block| block.count.to_string())
        >
            <p class="coming-name">{name}</p>
            <Strata block />
            <p class="small number">{content}</p>
            <p class="small muted number">{rates}</p>
            <p class="small muted number">{fees}</p>
        </li>
    }
}

/// The range of fee rates, in words.
fn rates(block: &ComingBlockSummary, language: Language) -> String {
    let [low, median, high] = block.rates.map(|rate| rate_words(rate, language));
    let texts = &language.texts().view;
    if low == high { (texts.coming_rate)(&low) } else { (texts.coming_rates)(&low, &median, &high) }
}

/// A fee per thousand bytes, with three significant digits.
fn rate_words(rate: Amount, language: Language) -> String {
    let digits = rate.units().checked_ilog10().unwrap_or(0);
    let step = 10_u64.pow(digits.saturating_sub(2));
    language.amount(Amount::from_units(rate.units() / step * step).unwrap_or(rate))
}

/// The block as a box filled with its payments, the best at the bottom; each links to the payment.
#[component]
fn Strata(block: Memo<Option<ComingBlockSummary>>) -> impl IntoView {
    let session = use_session();
    let layers = move || {
        let (block, params) = (block.get()?, session.params()?);
        let layer = |(payment, y, height)| view! { <Layer payment y height /> };
        Some(heights(&block, &params).into_iter().map(layer).collect_view())
    };
    let rest = move || {
        let (block, params) = (block.get()?, session.params()?);
        let shown: f64 = heights(&block, &params).iter().map(|(_, _, height)| height).sum();
        let all = share(block.bytes, block.count, &params) * SIZE;
        (all - shown > 0.5).then(|| view! {
            <rect class="layer-rest" x="0" y=format!("{:.1}", SIZE - all) width=SIZE height=format!("{:.1}", all - shown) />
        })
    };
    view! {
        <svg class="coming-box" viewBox=format!("0 0 {SIZE} {SIZE}")>
            <rect class="coming-ground" width=SIZE height=SIZE />
            {layers}
            {rest}
        </svg>
    }
}

/// The share of a block that these bytes or payments fill, whichever is larger.
fn share(bytes: u32, payments: u32, params: &ChainParams) -> f64 {
    let of_bytes = f64::from(bytes) / f64::from(params.max_block_bytes.max(1));
    of_bytes.max(f64::from(payments) / f64::from(params.max_block_payments.max(1))).min(1.0)
}

/// Each payment's offset from the top, and its height.
fn heights(block: &ComingBlockSummary, params: &ChainParams) -> Vec<(ComingPayment, f64, f64)> {
    let mut bottom = SIZE;
    let place = |payment: &ComingPayment| {
        let height = share(payment.bytes, 1, params) * SIZE;
        bottom -= height;
        (*payment, bottom.max(0.0), height)
    };
    block.payments.iter().map(place).collect()
}

#[component]
fn Layer(payment: ComingPayment, y: f64, height: f64) -> impl IntoView {
    let i18n = use_i18n();
    let route = use_route();
    let place = Location::subject(View::Overview, Subject::Transaction(payment.txid));
    let label = move || {
        let (language, texts) = (i18n.language(), i18n.texts());
        let id = short(&payment.txid.to_string());
        format!("{}, {}", (texts.transaction.open)(&id), (texts.view.coming_rate)(&rate_words(payment.rate, language)))
    };
    // Leave a small gap between layers that are high enough.
    let gap = if height > 4.0 { 1.5 } else { 0.0 };
    view! {
        <g
            class="layer-link"
            role="link"
            tabindex="0"
            aria-label=label
            data-testid=ids::COMING_PAYMENT
            data-id=payment.txid.to_string()
            on:click=move |_| route.go(place)
            on:keydown=move |event| route.enter(&event, place)
        >
            {svg::title().child(label)}
            <rect
                class="layer"
                data-shade=shade(payment.rate).to_string()
                x="0"
                y=format!("{:.2}", y + gap)
                width=SIZE
                height=format!("{:.2}", height - gap)
            />
        </g>
    }
}

/// The shade of a fee per thousand bytes: one for zero, one for each power of ten from 1 unit per byte.
fn shade(rate: Amount) -> u32 {
    let units = rate.units();
    if units == 0 { 0 } else { (units.ilog10().saturating_sub(2)).clamp(1, SHADES - 1) }
}
