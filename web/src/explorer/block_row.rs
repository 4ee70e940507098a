use crate::explorer::block_fees::level;
use crate::explorer::block_view::{state_name, state_words};
use crate::explorer::subject::use_inspector;
use crate::i18n::{short, use_i18n};
use crate::ids;
use crate::parts::clock::use_clock;
use crate::route::Subject;
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_node::units::Height;
use leptos::prelude::*;
use node_wasm::messages::{BlockState, BlockSummary};

/// A block in the list; a click opens it.
#[component]
pub(crate) fn BlockRow(block: BlockSummary) -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let session = use_session();
    let addresses = session.own_addresses();
    let fee = move || level(session, &block).to_string();
    // Nobody mined genesis: it is the same on every node of the network.
    let miner = block.miner.filter(|_| block.height > Height::GENESIS);
    let own = Memo::new(move |_| miner.is_some_and(|miner| addresses.with(|own| own.contains(&miner))));
    let id = block.id.to_string();
    let shown_id = short(&id);
    let height = move || i18n.language().number(block.height.0.into());
    let payments = block.payments.map(|n| n.to_string());
    view! {
        <li
            class="block"
            data-testid=ids::BLOCK
            data-id=id
            data-height=block.height.0.to_string()
            data-state=state_name(block.state)
            data-own=move || own.get().to_string()
            data-payments=payments
            data-fee=fee
        >
            <button type="button" class="block-button" on:click=move |_| inspector.show(Subject::Block(block.id))>
                <span class="visually-hidden">{move || (i18n.texts().chain.open_block)(&height())} ": "</span>
                <span class="block-height number">{height}</span>
                <code translate="no" class="block-id">{shown_id}</code>
                <Facts block />
                <Marks block own />
            </button>
        </li>
    }
}

/// A row whose block is not loaded yet.
#[component]
pub(crate) fn AwaitedRow(height: Height) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <li class="block block-awaited">
            <span class="block-height number">{move || i18n.language().number(height.0.into())}</span>
        </li>
    }
}

#[component]
fn Facts(block: BlockSummary) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let age = move || match block.height.0 {
        0 => i18n.texts().chain.genesis.into(),
        _ => i18n.language().age(block.time, clock.time()),
    };
    let payments = move || block.payments.map(|n| i18n.language().payments(n));
    view! {
        <span class="block-age number">{age}</span>
        <span class="block-payments-count">{payments}</span>
    }
}

#[component]
fn Marks(block: BlockSummary, own: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let miner = block.miner.filter(|_| block.height > Height::GENESIS);
    let miner = move || match (own.get(), miner) {
        (true, _) => view! { <span class="chip chip-own">{i18n.texts().chain.mined_here}</span> }.into_any(),
        (false, Some(miner)) => {
            let words = (i18n.texts().chain.mined_by)(&short(&miner.to_string()));
            view! { <span class="muted">{words}</span> }.into_any()
        }
        (false, None) => ().into_any(),
    };
    let state = (block.state != BlockState::Primary).then(|| {
        let class = if block.state == BlockState::Invalid { "chip chip-bad" } else { "chip chip-side" };
        view! { <span class=class>{move || state_words(block.state, i18n.texts())}</span> }
    });
    view! { <span class="block-marks">{miner} {state}</span> }
}
