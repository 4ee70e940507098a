use crate::i18n::{Language, short, use_i18n};
use crate::ids;
use crate::mining::controls::{MiningChoices, OnOff};
use crate::mining::empty_blocks::EmptyBlocks;
use crate::mining::measurement_view::MeasurementView;
use crate::mining::sparkline::HashRateChart;
use crate::mining::worker_list::WorkerList;
use crate::parts::clock;
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_node::{MiningPolicy, MiningStatus};
use leptos::prelude::*;
use node_wasm::messages::{MiningOptions, MiningState, State};
use node_wasm::mining::rules::Rest;

/// Mining: its state, controls and results.
#[component]
pub(crate) fn MiningPanel() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="mining">
            <section class="panel" aria-labelledby="mining-title">
                <h2 id="mining-title">{i18n.text(|texts| texts.mining.title)}</h2>
                <StandingLine />
                <EmptyBlocks />
                <OnOff />
                <p class="muted small">{i18n.text(|texts| texts.mining.cost)}</p>
                <Figures />
                <HashRateChart />
                <WorkerList />
            </section>
            <MiningChoices />
            <section class="panel" aria-labelledby="measurement-title">
                <MeasurementView />
            </section>
        </div>
    }
}

/// The inputs that determine whether the tab mines.
#[derive(Clone, Copy, PartialEq)]
struct Standing {
    status: MiningStatus,
    options: MiningOptions,
    rest: Option<Rest>,
    has_key: bool,
}

impl Standing {
    fn of(state: &State) -> Self {
        let MiningState { options, rest, .. } = state.mining;
        Self { status: state.status.mining, options, rest, has_key: !state.wallet.keys.is_empty() }
    }

    /// Why to rest, if the user wants to mine.
    fn rest(self) -> Option<Rest> {
        self.rest.filter(|_| self.options.on)
    }

    /// The mining state as a name for tests and styles.
    fn name(self) -> &'static str {
        match self.status {
            _ if self.options.on && !self.has_key => "no-key",
            _ if let Some(rest) = self.rest() => match rest {
                Rest::Measuring => "measuring",
                Rest::OnBattery => "on-battery",
                Rest::Hidden => "hidden",
            },
            MiningStatus::Off => "off",
            MiningStatus::Syncing => "syncing",
            MiningStatus::ClockBehind => "clock-behind",
            MiningStatus::ChainAhead { .. } => "chain-ahead",
            MiningStatus::CheckingBlock { .. } => "checking",
            MiningStatus::NothingToMine => "nothing",
            MiningStatus::Mining { .. } => "mining",
        }
    }

    /// The mining state in words.
    fn words(self, language: Language) -> String {
        let texts = &language.texts().mining;
        match self.status {
            _ if !self.has_key => texts.needs_key.into(),
            _ if let Some(rest) = self.rest() => match rest {
                Rest::Measuring => texts.resting_measuring.into(),
                Rest::OnBattery => texts.resting_on_battery.into(),
                Rest::Hidden => texts.resting_hidden.into(),
            },
            MiningStatus::Off => texts.off.into(),
            MiningStatus::Syncing => texts.syncing.into(),
            MiningStatus::ClockBehind => language.texts().operation.mining_clock_behind.into(),
            MiningStatus::ChainAhead { until } => {
                (language.texts().operation.mining_chain_ahead)(&clock::date_time(until, language.code()))
            }
            MiningStatus::CheckingBlock { id } => (texts.checking)(&short(&id.to_string())),
            MiningStatus::NothingToMine if self.options.policy == MiningPolicy::Always => texts.nothing_always.into(),
            MiningStatus::NothingToMine => texts.nothing.into(),
            MiningStatus::Mining { height, payments, reward, .. } => {
                let height = language.number(height.0.into());
                (texts.mining)(&height, &language.payments(payments), &language.amount(reward))
            }
        }
    }
}

#[component]
fn StandingLine() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let standing = session.part(Standing::of);
    let name = Memo::new(move |_| standing.get().map_or("off", Standing::name));
    let words = move |standing: Option<Standing>| match standing {
        Some(standing) => standing.words(i18n.language()),
        None => i18n.texts().mining.off.into(),
    };
    // Listeners are told of another state, not of each block that is mined.
    let news = move || {
        name.get();
        words(standing.get_untracked())
    };
    let job = move || match standing.get()?.status {
        MiningStatus::Mining { generation, height, .. } => Some((generation, height.0)),
        _ => None,
    };
    view! {
        <p
            class="mining-state"
            data-testid=ids::MINING_STATE
            data-state=move || name.get()
            data-height=move || job().map(|(_, height)| height.to_string())
            data-generation=move || job().map(|(generation, _)| generation.to_string())
        >
            <span class="dot" aria-hidden="true"></span>
            <span class="break">{move || words(standing.get())}</span>
        </p>
        <p class="visually-hidden" role="status">{news}</p>
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
    let hashes_raw = move || counts.get().map(|(_, hashes)| hashes.to_string());
    let hashes = move || i18n.language().rounded(counts.get().map_or(0.0, |(_, hashes)| hashes as f64));
    view! {
        <dl class="figures">
            <div class="figure">
                <dt>{i18n.text(|texts| texts.mining.rate)}</dt>
                <dd class="number" data-testid=ids::HASH_RATE data-value=rate_raw>{rate_words}</dd>
            </div>
            <div class="figure">
                <dt>{i18n.text(|texts| texts.mining.found)}</dt>
                <dd class="number" data-testid=ids::BLOCKS_FOUND data-value=move || found().to_string()>
                    {move || i18n.language().number(found().into())}
                </dd>
            </div>
            <div class="figure">
                <dt>{i18n.text(|texts| texts.mining.hashes)}</dt>
                <dd class="number" data-testid=ids::HASHES data-value=hashes_raw>{hashes}</dd>
            </div>
            <Stale />
            <Preemption />
        </dl>
    }
}

/// The share of hashes after a better block was known.
#[component]
fn Stale() -> impl IntoView {
    let i18n = use_i18n();
    let counts = use_session().part(|state| (state.mining.stale_hashes, state.mining.hashes));
    let words = move || {
        let (stale, all) = counts.get().filter(|(_, all)| *all > 0)?;
        Some(format!("{} %", i18n.language().decimal(100.0 * stale as f64 / all as f64, 2)))
    };
    let raw = move || counts.get().map(|(stale, _)| stale.to_string());
    view! {
        <Show when=move || counts.get().is_some_and(|(_, all)| all > 0)>
            <div class="figure">
                <dt>{i18n.text(|texts| texts.mining.stale)}</dt>
                <dd class="number" data-testid=ids::STALE_HASHES data-value=raw>{words}</dd>
            </div>
        </Show>
    }
}

/// How fast a new block stops the workers, and how orders reach them.
#[component]
fn Preemption() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let preemption = session.part(|state| state.mining.preemption);
    let flag = session.part(|state| state.mining.shared_flag);
    let way = move || {
        let texts = &i18n.texts().mining;
        if flag.get() == Some(true) { texts.shared_flag } else { texts.no_shared_flag }
    };
    let latency = Memo::new(move |_| preemption.get().flatten());
    let words = move || {
        let latency = latency.get()?;
        // With shared memory it is less than a tenth of a millisecond, and zero for workers that happen to be idle.
        let ms = |ms: f64| match ms {
            ..0.01 => format!("< {}", i18n.language().decimal(0.01, 2)),
            ..1.0 => i18n.language().decimal(ms, 2),
            _ => i18n.language().decimal(ms, 1),
        };
        Some((i18n.texts().mining.preemption_value)(&ms(latency.p50_ms), &ms(latency.p99_ms)))
    };
    view! {
        <Show when=move || latency.get().is_some()>
            <div class="figure figure-wide">
                <dt>{i18n.text(|texts| texts.mining.preemption)}</dt>
                <dd
                    class="number"
                    data-testid=ids::PREEMPTION
                    data-p50=move || latency.get().map(|l| l.p50_ms.to_string())
                    data-p99=move || latency.get().map(|l| l.p99_ms.to_string())
                    data-count=move || latency.get().map(|l| l.count.to_string())
                    data-flag=move || flag.get().map(|flag| flag.to_string())
                >
                    {words} " " <span class="muted small">{way}</span>
                </dd>
            </div>
        </Show>
    }
}
