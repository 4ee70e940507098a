use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::mining::controls::MiningControls;
use crate::mining::sparkline::HashRateChart;
use crate::mining::worker_list::WorkerList;
use crate::parts::format::short;
use crate::session::use_session;
use fedcoin_node::{MiningPolicy, MiningStatus};
use leptos::prelude::*;
use node_wasm::messages::MiningOptions;

/// Mining: what it does, what it needs and what it brought.
#[component]
pub(crate) fn MiningPanel() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="panel" aria-labelledby="mining-title">
            <h2 id="mining-title">{move || i18n.texts().mining.title}</h2>
            <MiningState />
            <MiningControls />
            <Figures />
            <HashRateChart />
            <WorkerList />
            <p class="muted small">{move || i18n.texts().mining.cost}</p>
        </section>
    }
}

/// Why the node mines or does not, as a word for tests and styles.
const fn state_name(status: MiningStatus, options: MiningOptions, has_key: bool) -> &'static str {
    match status {
        _ if options.on && !has_key => "no-key",
        MiningStatus::Off => "off",
        MiningStatus::Syncing => "syncing",
        MiningStatus::CheckingBlock { .. } => "checking",
        MiningStatus::NothingToMine => "nothing",
        MiningStatus::Mining { .. } => "mining",
    }
}

fn state_words(status: MiningStatus, options: MiningOptions, has_key: bool, language: Language) -> String {
    let texts = &language.texts().mining;
    match status {
        _ if !has_key => texts.needs_key.into(),
        MiningStatus::Off => texts.off.into(),
        MiningStatus::Syncing => texts.syncing.into(),
        MiningStatus::CheckingBlock { id } => (texts.checking)(&short(&id.to_string())),
        MiningStatus::NothingToMine if options.policy == MiningPolicy::Always => texts.nothing_always.into(),
        MiningStatus::NothingToMine => texts.nothing.into(),
        MiningStatus::Mining { height, payments, reward, .. } => {
            (texts.mining)(&language.number(height.0.into()), &language.payments(payments), &language.amount(reward))
        }
    }
}

#[component]
fn MiningState() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let has_key = session.has_key();
    let state = session.part(|state| (state.status.mining, state.mining.options));
    let current = move || state.get().unwrap_or((MiningStatus::Off, MiningOptions::default()));
    let name = move || {
        let (status, options) = current();
        state_name(status, options, has_key.get())
    };
    let words = move || {
        let (status, options) = current();
        state_words(status, options, has_key.get(), i18n.language())
    };
    let job = move || match current().0 {
        MiningStatus::Mining { generation, height, .. } => Some((generation, height.0)),
        _ => None,
    };
    view! {
        <p
            class="mining-state"
            data-testid=ids::MINING_STATE
            data-state=name
            data-height=move || job().map(|(_, height)| height.to_string())
            data-generation=move || job().map(|(generation, _)| generation.to_string())
        >
            <span class="dot" aria-hidden="true"></span>
            <span class="break">{words}</span>
        </p>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let rate = session.part(|state| state.mining.hash_rate);
    let counts = session.part(|state| (state.mining.blocks_found, state.mining.hashes));
    let rate_words = move || i18n.language().hash_rate(rate.get().unwrap_or(0.0));
    let rate_raw = move || rate.get().map(|rate| rate.to_string());
    let found = move || counts.get().map_or(0, |(found, _)| found);
    let hashes = move || i18n.language().rounded(counts.get().map_or(0.0, |(_, hashes)| hashes as f64));
    view! {
        <dl class="figures">
            <div class="figure">
                <dt>{move || i18n.texts().mining.rate}</dt>
                <dd class="number" data-testid=ids::HASH_RATE data-value=rate_raw>{rate_words}</dd>
            </div>
            <div class="figure">
                <dt>{move || i18n.texts().mining.found}</dt>
                <dd class="number" data-testid=ids::BLOCKS_FOUND data-value=move || found().to_string()>
                    {move || i18n.language().number(found().into())}
                </dd>
            </div>
            <div class="figure">
                <dt>{move || i18n.texts().mining.hashes}</dt>
                <dd class="number">{hashes}</dd>
            </div>
            <Preemption />
        </dl>
    }
}

/// How fast a new block stops the workers.
#[component]
fn Preemption() -> impl IntoView {
    let i18n = use_i18n();
    let told = use_session().part(|state| state.mining.preemption);
    let latency = Memo::new(move |_| told.get().flatten());
    let words = move || {
        let latency = latency.get()?;
        let ms = |ms| i18n.language().decimal(ms, 1);
        Some((i18n.texts().mining.preemption_value)(&ms(latency.p50_ms), &ms(latency.p99_ms)))
    };
    view! {
        <Show when=move || latency.get().is_some()>
            <div class="figure figure-wide">
                <dt>{move || i18n.texts().mining.preemption}</dt>
                <dd
                    class="number"
                    data-testid=ids::PREEMPTION
                    data-p50=move || latency.get().map(|l| l.p50_ms.to_string())
                    data-p99=move || latency.get().map(|l| l.p99_ms.to_string())
                    data-count=move || latency.get().map(|l| l.count.to_string())
                >
                    {words}
                </dd>
            </div>
        </Show>
    }
}
