use crate::i18n::{ends, use_i18n};
use crate::ids;
use crate::parts::clock::{self, use_clock};
use crate::parts::figure::Figure;
use crate::parts::progress_pace::ProgressPace;
use crate::session::samples::use_samples;
use crate::session::{Phase, use_session};
use crate::signals::memo::Memo;
use fedcoin_node::SyncStatus;
use leptos::prelude::*;
use node_wasm::messages::{State, StorageKind};

/// A summary of the node's state.
#[component]
pub(crate) fn NodePanel() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="panel node" aria-labelledby="node-title">
            <h2 id="node-title" class="visually-hidden">{i18n.text(|texts| texts.node.title)}</h2>
            <NodeState />
            <Figures />
        </section>
    }
}

/// The current activity of the node.
#[derive(Clone, PartialEq)]
enum Doing {
    Starting {
        slow: bool,
    },
    /// Bytes of the chain file read, and its size.
    Opening(u64, u64),
    Failed,
    Syncing(SyncStatus, u32),
}

impl Doing {
    const fn name(&self) -> &'static str {
        match self {
            Self::Starting { .. } | Self::Opening(..) => "starting",
            Self::Failed => "failed",
            Self::Syncing(SyncStatus::WaitingForPeers, _) => "waiting-for-peers",
            Self::Syncing(SyncStatus::Headers { .. }, _) => "headers",
            Self::Syncing(SyncStatus::Blocks { .. }, _) => "blocks",
            Self::Syncing(SyncStatus::EarlyHeaders, _) => "early-headers",
            Self::Syncing(SyncStatus::Synced, _) => "synced",
        }
    }
}

#[component]
fn NodeState() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let sync = session.part(|state| (state.status.sync, state.status.tip.height.0));
    let doing = Memo::new(move |_| match (session.phase(), sync.get()) {
        (Phase::Failed(_), _) => Doing::Failed,
        (Phase::Running, Some((sync, height))) => Doing::Syncing(sync, height),
        (Phase::Starting { slow }, _) => Doing::Starting { slow },
        (Phase::Opening { read, size }, _) => Doing::Opening(read, size),
        (Phase::Running, None) => Doing::Starting { slow: false },
    });
    let remaining = seconds_remaining(doing);
    let words = move || {
        let (texts, language) = (&i18n.texts().node, i18n.language());
        let number = |n: u32| language.number(n.into());
        match doing.get() {
            Doing::Starting { slow: false } => texts.starting.into(),
            Doing::Starting { slow: true } => texts.starting_long.into(),
            Doing::Opening(read, size) => (texts.opening)(&language.bytes(read), &language.bytes(size)),
            Doing::Failed => i18n.texts().failure.title.into(),
            Doing::Syncing(SyncStatus::WaitingForPeers, _) => texts.waiting_for_peers.into(),
            Doing::Syncing(SyncStatus::Headers { height }, _) => (texts.headers)(&number(height.0)),
            Doing::Syncing(SyncStatus::Blocks { height, target }, _) => match remaining.get() {
                Some(remaining) => {
                    let remaining = language.duration(remaining as f64);
                    (i18n.texts().view.blocks_left)(&number(height.0), &number(target.0), &remaining)
                }
                None => (texts.blocks)(&number(height.0), &number(target.0)),
            },
            Doing::Syncing(SyncStatus::EarlyHeaders, _) => i18n.texts().operation.early_headers.into(),
            Doing::Syncing(SyncStatus::Synced, 0) => texts.synced_genesis.into(),
            Doing::Syncing(SyncStatus::Synced, height) => (texts.synced)(&number(height)),
        }
    };
    let name = Memo::new(move |_| doing.with(Doing::name));
    view! {
        <div class="node-state" data-testid=ids::NODE_STATE data-state=move || name.get()>
            <span class="dot" aria-hidden="true"></span>
            <p class="node-words">{words}</p>
        </div>
        <Announcement name />
        <Progress doing />
    }
}

/// Expected number of seconds until all known blocks are checked, at the pace of the last seconds.
fn seconds_remaining(doing: Memo<Doing>) -> Memo<Option<u64>> {
    let pace = StoredValue::new(ProgressPace::default());
    Memo::new(move |_| match doing.get() {
        Doing::Syncing(SyncStatus::Blocks { height, target }, _) => {
            pace.try_update_value(|pace| pace.seconds_remaining(clock::now(), height.0, target.0)).flatten()
        }
        _ => None,
    })
}

/// Announces changes of the state to screen readers, but not every step of progress.
#[component]
fn Announcement(name: Memo<&'static str>) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let (node, log, operation) = (&i18n.texts().node, &i18n.texts().log, &i18n.texts().operation);
        match name.get() {
            "starting" => node.starting,
            "waiting-for-peers" => node.waiting_for_peers,
            "headers" | "blocks" => node.progress,
            "early-headers" => operation.early_headers,
            "synced" => log.sync_done,
            _ => "",
        }
    };
    view! { <p class="visually-hidden" role="status">{words}</p> }
}

#[component]
fn Progress(doing: Memo<Doing>) -> impl IntoView {
    let i18n = use_i18n();
    let range = Memo::new(move |_| match doing.get() {
        Doing::Syncing(SyncStatus::Blocks { height, target }, _) => {
            Some((u64::from(height.0), u64::from(target.0.max(1))))
        }
        Doing::Opening(read, size) => Some((read, size.max(1))),
        _ => None,
    });
    let value = move || range.get().map(|(done, _)| done.to_string());
    let max = move || range.get().map(|(_, all)| all.to_string());
    let label = move || match doing.get() {
        Doing::Opening(..) => i18n.texts().node.opening_progress,
        _ => i18n.texts().node.progress,
    };
    view! {
        <Show when=move || range.get().is_some()>
            <progress
                data-testid=ids::SYNC_PROGRESS
                aria-label=label
                value=value
                max=max
            ></progress>
        </Show>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let counts = session.part(|state| (state.status.peers.len(), state.status.mempool_payments));
    let supply = session.part(|state| state.status.supply);
    let count = move |n: Option<u64>| n.map_or_else(|| "–".into(), |n| i18n.language().number(n));
    let peers = move || counts.get().map(|(peers, _)| peers as u64);
    let waiting = move || counts.get().map(|(_, waiting)| u64::from(waiting));
    let supply_words =
        move || supply.get().map_or_else(|| "–".into(), |supply| format!("{} FED", i18n.language().amount(supply)));
    let name = move |of: fn(&crate::i18n::Texts) -> &'static str| Signal::derive(move || of(i18n.texts()));
    let text = move |f: fn(Option<u64>) -> Option<String>, n: Option<u64>| f(n);
    let raw = move |n: Option<u64>| text(|n| n.map(|n| n.to_string()), n);
    view! {
        <dl class="figures leading">
            <NewestBlock />
            <NetworkHashRate />
        </dl>
        <dl class="figures">
            <Figure
                name=name(|t| t.node.waiting_payments)
                value=Signal::derive(move || count(waiting()))
                raw=Signal::derive(move || raw(waiting()))
                testid=ids::MEMPOOL_COUNT
            />
            <Figure
                name=name(|t| t.node.supply)
                value=Signal::derive(supply_words)
                raw=Signal::derive(move || supply.get().map(|supply| supply.to_string()))
                testid=ids::SUPPLY
            />
            <Figure
                name=name(|t| t.node.peers)
                value=Signal::derive(move || count(peers()))
                raw=Signal::derive(move || raw(peers()))
                testid=ids::PEER_COUNT
            />
            <Difficulty />
            <Tip />
            <Storage />
        </dl>
    }
}

/// How high the chain is, and how long ago its newest block was made.
#[component]
fn NewestBlock() -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let tip = use_session().part(|state| state.status.tip);
    let height = move || tip.get().map_or_else(|| "–".into(), |tip| i18n.language().number(tip.height.0.into()));
    // Genesis has the time 0, so its age is meaningless.
    let age = move || {
        let tip = tip.get().filter(|tip| tip.height.0 > 0)?;
        Some(i18n.language().age(tip.time, clock.time()))
    };
    view! {
        <div class="figure">
            <dt>{i18n.text(|texts| texts.node.tip)}</dt>
            <dd class="number">
                <span
                    translate="no"
                    data-testid=ids::HEIGHT
                    data-value=move || tip.get().map(|tip| tip.height.0.to_string())
                >
                    {height}
                </span>
                <span class="muted">{age}</span>
            </dd>
        </div>
    }
}

#[component]
fn Tip() -> impl IntoView {
    let i18n = use_i18n();
    let id = use_session().part(|state| state.status.tip.id);
    let text = move || id.get().map(|id| id.to_string());
    let shown = move || text().map_or_else(|| "–".into(), |id| ends(&id, 6, 4));
    view! {
        <div class="figure">
            <dt>{i18n.text(|texts| texts.node.tip_id)}</dt>
            <dd data-testid=ids::TIP data-id=text title=text><code translate="no">{shown}</code></dd>
        </div>
    }
}

/// The estimated hash rate of all miners together, from the newest blocks.
#[component]
fn NetworkHashRate() -> impl IntoView {
    let i18n = use_i18n();
    let samples = use_samples().all();
    let rate = Memo::new(move |_| samples.with(|all| all.last()?.hash_rate));
    let work = use_session().part(tip_work);
    let words = move || rate.get().map_or_else(|| "–".into(), |rate| i18n.language().hash_rate(rate));
    let every = move || {
        let seconds = work.get().flatten()? / rate.get()?.max(f64::MIN_POSITIVE);
        Some((i18n.texts().view.block_every)(&i18n.language().duration(seconds)))
    };
    view! {
        <div class="figure">
            <dt>{i18n.text(|texts| texts.view.network_hash_rate)}</dt>
            <dd class="number">
                <span
                    translate="no"
                    data-testid=ids::NETWORK_HASH_RATE
                    data-value=move || rate.get().map(|rate| rate.to_string())
                >
                    {words}
                </span>
                <span class="muted">{every}</span>
            </dd>
        </div>
    }
}

#[component]
fn Difficulty() -> impl IntoView {
    let i18n = use_i18n();
    let work = use_session().part(tip_work);
    let words = move || match work.get().flatten() {
        Some(work) => i18n.language().rounded(work),
        None => "–".into(),
    };
    view! { <Figure name=Signal::derive(i18n.text(|texts| texts.node.difficulty)) value=Signal::derive(words) /> }
}

/// Average number of hashes for a block.
fn tip_work(state: &State) -> Option<f64> {
    state.status.tip.target.expand().map(|target| target.work().as_f64()).ok()
}

#[component]
fn Storage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let storage = session.part(|state| (state.storage.kind == StorageKind::Opfs, state.storage.bytes));
    let words = move || match storage.get() {
        Some((true, bytes)) => i18n.language().bytes(bytes),
        Some((false, _)) => i18n.texts().node.in_memory.into(),
        None => "–".into(),
    };
    let state = move || storage.get().map(|(on_disk, _)| if on_disk { "opfs" } else { "memory" });
    let on_disk = Memo::new(move |_| storage.get().is_some_and(|(on_disk, _)| on_disk));
    let kept = move || on_disk.get() && session.is_storage_lasting() == Some(true);
    view! {
        <div class="figure">
            <dt>{i18n.text(|texts| texts.node.stored)}</dt>
            <dd class="number" data-testid=ids::STORAGE data-state=state>
                {words}
                <Show when=kept><p class="muted small">{i18n.text(|texts| texts.operation.kept)}</p></Show>
            </dd>
        </div>
    }
}
