use crate::explorer::share::{full_words, share_of_block};
use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::overview::next_block::NextBlock;
use crate::route::{Location, View, use_route};
use crate::session::use_session;
use crate::shapes::fee_level::fee_level;
use crate::signals::memo::Memo;
use fedcoin_node::units::{Amount, Height};
use leptos::prelude::*;
use node_wasm::messages::ComingBlockSummary;

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
                <p class="map map-empty muted">{i18n.text(|texts| texts.view.coming_empty)}</p>
            </Show>
            <ol class="coming-blocks">
                <For
                    each=numbers
                    key=|n| *n
                    children=move |n| {
                        let block = Memo::new(move |_| blocks.with(|blocks| blocks.get(n).cloned()));
                        let height = Memo::new(move |_| Height(tip.get().0.saturating_add(n as u32 + 1)));
                        view! { <ComingBlock block height is_next={n == 0} /> }
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
fn ComingBlock(
    block: Memo<Option<ComingBlockSummary>>,
    height: Memo<Height>,
    /// Whether it is drawn payment by payment.
    is_next: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let name = move || (i18n.texts().view.coming_block)(&i18n.language().number(height.get().0.into()));
    let content = move || {
        let (block, language) = (block.get()?, i18n.language());
        let full = share_of_block(block.bytes, block.count, &session.params()?);
        let (payments, bytes) = (language.payments(block.count), language.bytes(block.bytes.into()));
        Some(format!("{payments}, {bytes}, {}", full_words(full, language)))
    };
    let rates = move || block.get().map(|block| rates(&block, i18n.language()));
    let fees = move || {
        let fees = block.get().map(|block| block.fees).filter(|fees| *fees > Amount::ZERO)?;
        Some((i18n.texts().view.coming_fees)(&i18n.language().amount(fees)))
    };
    let level = move || block.get().map(|block| fee_level(block.rates[1].units()).to_string());
    view! {
        <li
            class="coming-block"
            class:coming-next=is_next
            data-testid=ids::COMING_BLOCK
            data-height=move || height.get().0.to_string()
            data-payments=move || block.get().map(|block| block.count.to_string())
            data-fee=level
        >
            <p class="coming-name">{name}</p>
            {is_next.then(|| view! { <NextBlock block /> })}
            <p class="small number">{content}</p>
            <p class="small muted number">{rates}</p>
            <p class="small muted number">{fees}</p>
        </li>
    }
}

/// The range of fee rates, in words.
fn rates(block: &ComingBlockSummary, language: Language) -> String {
    let [low, median, high] = block.rates.map(|rate| language.rounded_amount(rate));
    let texts = &language.texts().view;
    if low == high { (texts.coming_rate)(&low) } else { (texts.coming_rates)(&low, &median, &high) }
}
