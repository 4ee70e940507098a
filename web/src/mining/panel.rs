use crate::i18n::{Language, Texts, short, use_i18n};
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

/// Mining as one card: the state, one button, what it brings; settings and all else can be unfolded.
#[component]
pub(crate) fn MiningPanel() -> impl IntoView {
    let i18n = use_i18n();
    let fold = move |name: fn(&Texts) -> &'static str, testid: &'static str, content: AnyView| {
        view! {
            <details data-testid=testid>
                <summary>{move || name(i18n.texts())}</summary>
                <div class="fold">{content}</div>
            </details>
        }
    };
    view! {
        <section class="panel mining" aria-labelledby="mining-title">
            <h2 id="mining-title">{i18n.text(|texts| texts.mining.title)}</h2>
            <StandingLine />
            <EmptyBlocks />
            <OnOff />
            <Yield />
            <HashRateChart />
            <p class="muted small">{i18n.text(|texts| texts.mining.cost)}</p>
            {fold(|t| t.mining.choices, ids::MINING_SETTINGS, view! { <MiningChoices /> }.into_any())}
            {fold(|t| t.mining.details, ids::MINING_DETAILS, view! { <WorkerList /> <Figures /> }.into_any())}
            {fold(|t| t.mining.measurement, ids::MINING_MEASUREMENT, view! { <MeasurementView /> }.into_any())}
        </section>
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

/// What mining brings: hashes, blocks, and when the next one can be expected.
#[component]
fn Yield() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let rate = session.part(|state| state.mining.hash_rate);
    let found = session.part(|state| state.mining.blocks_found);
    let work = session.part(|state| state.status.tip.target.expand().map(|target| target.work().as_f64()).ok());
    let rate_words = move || i18n.language().hash_rate(rate.get().unwrap_or(0.0));
    let rate_raw = move || rate.get().map(|rate| rate.to_string());
    let found = move || found.get().unwrap_or(0);
    let next = move || match (work.get().flatten(), rate.get()) {
        (Some(work), Some(rate)) if rate > 0.0 => (i18n.texts().mining.next_in)(&i18n.language().duration(work / rate)),
        _ => "–".into(),
    };
    view! {
        <dl class="figures leading">
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
        </dl>
        <dl class="figures">
            <div class="figure">
                <dt>{i18n.text(|texts| texts.mining.next)}</dt>
                <dd class="number" data-testid=ids::NEXT_OWN_BLOCK>{next}</dd>
            </div>
        </dl>
    }
}

/// Figures for those who want to know more.
#[component]
fn Figures() -> impl IntoView {
    let i18n = use_i18n();
    let hashes = use_session().part(|state| state.mining.hashes);
    let raw = move || hashes.get().map(|hashes| hashes.to_string());
    let words = move || i18n.language().rounded(hashes.get().map_or(0.0, |hashes| hashes as f64));
    view! {
        <dl class="figures">
            <div class="figure">
                <dt>{i18n.text(|texts| texts.mining.hashes)}</dt>
                <dd class="number" data-testid=ids::HASHES data-value=raw>{words}</dd>
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

/// How fast a new block stops the workers, and how assignments reach them.
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
