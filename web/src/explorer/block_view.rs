use crate::explorer::address_text::AddressText;
use crate::explorer::neighbours::Neighbours;
use crate::explorer::share::{full_words, share_of_block};
use crate::explorer::subject::use_inspector;
use crate::i18n::{Texts, short, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::route::Subject;
use crate::session::use_session;
use fedcoin_node::primitives::{BlockId, Output, TxId};
use fedcoin_node::units::{Amount, Height};
use leptos::prelude::*;
use node_wasm::messages::{BlockDetails, BlockState, BlockSummary, TransactionDetails};

/// A block: what it holds and who found it, its payments, and what its header says.
#[component]
pub(crate) fn BlockView(details: BlockDetails) -> impl IntoView {
    let i18n = use_i18n();
    let id = details.summary.id.to_string();
    let payments = details.payments.clone();
    let BlockSummary { previous, height, .. } = details.summary;
    let previous = (height > Height::GENESIS).then_some(Subject::Block(previous));
    let next = details.next.map(Subject::Block);
    let (clock, time) = (clock::use_clock(), details.summary.time);
    let place = Signal::derive(move || match height {
        Height::GENESIS => i18n.texts().chain.genesis.into(),
        _ => i18n.language().age(time, clock.time()),
    });
    view! {
        <div class="details" data-testid=ids::BLOCK_DETAILS data-id=id>
            <Neighbours previous next place />
            <Summary details=details.clone() />
            <BlockPayments payments />
            <details>
                <summary>{i18n.text(|texts| texts.chain.details)}</summary>
                <HeaderFacts details />
            </details>
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
fn Summary(details: BlockDetails) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let summary = details.summary;
    let (id, reward) = (details.coinbase_id, details.block.coinbase.output);
    let payments = details.payments.len() as u32;
    let fees = Amount::saturating_sum(details.payments.iter().filter_map(|payment| payment.fee));
    let bytes = details.block.size() as u64;
    let fee_words = move || match fees {
        Amount::ZERO => i18n.texts().view.fees_none.into(),
        fees => (i18n.texts().view.coming_fees)(&i18n.language().amount(fees)),
    };
    let contents = move || {
        let share = session.params().map(|params| share_of_block(bytes as u32, payments, &params));
        let full = share.map(|share| full_words(share, i18n.language()));
        let size = i18n.language().bytes(bytes);
        [Some(i18n.language().payments(payments)), Some(fee_words()), Some(size), full]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    };
    let time = move || match summary.height {
        Height::GENESIS => i18n.texts().chain.genesis.into(),
        _ => clock::date_time(summary.time, i18n.language().code()),
    };
    let state = move || {
        let confirmations = u64::from(details.confirmations);
        let confirmed = i18n.language().plural(i18n.texts().transaction.confirmations, confirmations);
        let state = state_words(summary.state, i18n.texts());
        if confirmations == 0 { state.to_owned() } else { format!("{state}, {confirmed}") }
    };
    view! {
        <p class="number">{contents}</p>
        <dl class="facts">
            <dt>{i18n.text(|texts| texts.chain.miner)}</dt>
            <dd><AddressText address=reward.recipient /></dd>
            <dt>{i18n.text(|texts| texts.chain.reward)}</dt>
            <dd class="number">
                {move || format!("{} FED ", i18n.language().amount(reward.amount))} <TransactionLink id />
            </dd>
            <dt>{i18n.text(|texts| texts.chain.time)}</dt>
            <dd>{time}</dd>
            <dt>{i18n.text(|texts| texts.chain.state)}</dt>
            <dd>{state}</dd>
        </dl>
    }
}

/// What the header says.
#[component]
fn HeaderFacts(details: BlockDetails) -> impl IntoView {
    let i18n = use_i18n();
    let (summary, header) = (details.summary, details.block.header);
    view! {
        <dl class="facts">
            <dt>{i18n.text(|texts| texts.chain.id)}</dt>
            <dd><code translate="no" class="break">{summary.id.to_string()}</code></dd>
            <dt>{i18n.text(|texts| texts.chain.previous)}</dt>
            <dd>{previous(&details)}</dd>
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
        let fee = move || {
            let fee = payment.fee.filter(|fee| *fee > Amount::ZERO)?;
            Some(format!("{} {} FED", i18n.texts().transaction.fee, i18n.language().amount(fee)))
        };
        let output = move |output: Output| {
            let change = (sender == Some(output.recipient))
                .then(|| view! { <span class="chip">{i18n.text(|texts| texts.transaction.change)}</span> });
            view! {
                <li class="output">
                    <span class="address"><AddressText address=output.recipient /> {change}</span>
                    <span class="number">{move || format!("{} FED", i18n.language().amount(output.amount))}</span>
                </li>
            }
        };
        view! {
            <li class="block-payment">
                <p class="row">
                    <TransactionLink id=payment.txid />
                    {sender.map(|address| view! { <AddressText address /> })}
                    <span class="row-end muted small number">{fee}</span>
                </p>
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
