use crate::explorer::address_text::AddressText;
use crate::explorer::subject::use_inspector;
use crate::i18n::{Texts, short, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::route::Subject;
use fedcoin_node::primitives::{BlockId, TxId};
use fedcoin_node::units::Height;
use leptos::prelude::*;
use node_wasm::messages::{BlockDetails, BlockState, BlockSummary, TransactionDetails};

/// A block in full.
#[component]
pub(crate) fn BlockView(details: BlockDetails) -> impl IntoView {
    let id = details.summary.id.to_string();
    let payments = details.payments.clone();
    view! {
        <div class="details" data-testid=ids::BLOCK_DETAILS data-id=id>
            <HeaderFacts details=details.clone() />
            <Reward id=details.coinbase_id details=details />
            <BlockPayments payments />
        </div>
    }
}

/// A block's state in words.
pub(crate) const fn state_words(state: BlockState, texts: &Texts) -> &'static str {
    match state {
        BlockState::Primary => texts.chain.primary,
        BlockState::Side => texts.chain.side,
        BlockState::HeaderOnly => texts.chain.header_only,
        BlockState::Invalid => texts.chain.invalid,
        BlockState::Orphan => texts.view.orphan,
    }
}

/// A block's state as a name for tests and styles.
pub(crate) const fn state_name(state: BlockState) -> &'static str {
    match state {
        BlockState::Primary => "primary",
        BlockState::Side => "side",
        BlockState::HeaderOnly => "header-only",
        BlockState::Invalid => "invalid",
        BlockState::Orphan => "orphan",
    }
}

#[component]
fn HeaderFacts(details: BlockDetails) -> impl IntoView {
    let i18n = use_i18n();
    let (summary, header) = (details.summary, details.block.header);
    let bytes = details.block.size() as u64;
    let time = move || match summary.height.0 {
        0 => i18n.texts().chain.genesis.into(),
        _ => clock::date_time(summary.time, i18n.language().code()),
    };
    let state = move || state_words(summary.state, i18n.texts());
    let confirmations = move || i18n.language().number(details.confirmations.into());
    view! {
        <dl class="facts">
            <dt>{i18n.text(|texts| texts.chain.id)}</dt>
            <dd><code translate="no" class="break">{summary.id.to_string()}</code></dd>
            <dt>{i18n.text(|texts| texts.chain.previous)}</dt>
            <dd>{previous(&details)}</dd>
            <dt>{i18n.text(|texts| texts.chain.state)}</dt>
            <dd>{state}</dd>
            <dt>{i18n.text(|texts| texts.chain.confirmations)}</dt>
            <dd class="number">{confirmations}</dd>
            <dt>{i18n.text(|texts| texts.chain.time)}</dt>
            <dd>{time}</dd>
            <dt>{i18n.text(|texts| texts.chain.size)}</dt>
            <dd class="number">{move || i18n.language().bytes(bytes)}</dd>
            <dt>{i18n.text(|texts| texts.chain.target)}</dt>
            <dd><code translate="no" class="break">{target(&details)}</code></dd>
            <dt>{i18n.text(|texts| texts.chain.nonce)}</dt>
            <dd><code translate="no">{format!("{:08x} {:08x}", header.salt, header.nonce)}</code></dd>
            <dt>{i18n.text(|texts| texts.chain.commitment)}</dt>
            <dd><code translate="no" class="break">{header.commitment.to_string()}</code></dd>
        </dl>
    }
}

/// The parent; for genesis, the hash of the network's rules.
fn previous(details: &BlockDetails) -> AnyView {
    let BlockSummary { previous: id, height, .. } = details.summary;
    if height == Height::GENESIS {
        return view! { <code translate="no" class="break">{id.to_string()}</code> }.into_any();
    }
    view! { <BlockLink id /> }.into_any()
}

fn target(details: &BlockDetails) -> String {
    let compact = details.summary.target;
    compact.expand().map_or_else(|_| compact.to_string(), |target| target.to_string())
}

/// A block id that links to the block.
#[component]
fn BlockLink(id: BlockId) -> impl IntoView {
    let inspector = use_inspector();
    let text = id.to_string();
    view! {
        <button type="button" class="plain" on:click=move |_| inspector.show(Subject::Block(id))>
            <code translate="no" class="break">{text}</code>
        </button>
    }
}

#[component]
fn Reward(id: TxId, details: BlockDetails) -> impl IntoView {
    let i18n = use_i18n();
    let output = details.block.coinbase.output;
    view! {
        <dl class="facts">
            <dt>{i18n.text(|texts| texts.chain.miner)}</dt>
            <dd><AddressText address=output.recipient /></dd>
            <dt>{i18n.text(|texts| texts.chain.reward)}</dt>
            <dd class="number">
                {move || format!("{} FED ", i18n.language().amount(output.amount))} <TransactionLink id />
            </dd>
        </dl>
    }
}

/// A shortened transaction id that links to the transaction.
#[component]
pub(crate) fn TransactionLink(id: TxId) -> impl IntoView {
    let i18n = use_i18n();
    let inspector = use_inspector();
    let text = short(&id.to_string());
    let label = {
        let text = text.clone();
        move || (i18n.texts().transaction.open)(&text)
    };
    view! {
        <button type="button" class="plain" aria-label=label on:click=move |_| inspector.show(Subject::Transaction(id))>
            <code translate="no">{text}</code>
        </button>
    }
}

#[component]
fn BlockPayments(payments: Vec<TransactionDetails>) -> impl IntoView {
    let i18n = use_i18n();
    let count = payments.len();
    let item = |payment: TransactionDetails| {
        let outputs = payment.outputs.clone();
        let sender = payment.sender;
        let output = move |output: fedcoin_node::primitives::Output| {
            view! {
                <li class="output">
                    <AddressText address=output.recipient />
                    <span class="number">{move || format!("{} FED", i18n.language().amount(output.amount))}</span>
                </li>
            }
        };
        view! {
            <li class="block-payment">
                <p class="row"><TransactionLink id=payment.txid /> {sender.map(|address| view! { <AddressText address /> })}</p>
                <ul class="outputs">{outputs.into_iter().map(output).collect_view()}</ul>
            </li>
        }
    };
    let heading = move || format!("{} ({})", i18n.texts().chain.payments, i18n.language().number(count as u64));
    view! {
        <h3>{heading}</h3>
        <ul class="block-payments">{payments.into_iter().map(item).collect_view()}</ul>
    }
}
