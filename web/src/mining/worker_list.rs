use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::session::use_session;
use leptos::prelude::*;
use node_wasm::messages::{MinerHealth, MinerState};

/// Each mining worker with its rate and state.
#[component]
pub(crate) fn WorkerList() -> impl IntoView {
    let i18n = use_i18n();
    let workers = use_session().part(|state| state.mining.workers.clone());
    let list = move || workers.get().unwrap_or_default().into_iter().enumerate();
    let item = |(number, worker): (usize, MinerState)| view! { <Worker number worker /> };
    view! {
        <Show when=move || workers.get().is_some_and(|workers| !workers.is_empty())>
            <ul class="rows" aria-label=i18n.text(|texts| texts.mining.workers)>
                {move || list().map(item).collect_view()}
            </ul>
        </Show>
    }
}

#[component]
fn Worker(number: usize, worker: MinerState) -> impl IntoView {
    let i18n = use_i18n();
    let name = move || (i18n.texts().mining.worker)(&i18n.language().number(number as u64 + 1));
    let restarts = move || {
        (worker.restarts > 0).then(|| i18n.language().plural(i18n.texts().mining.restarts, worker.restarts.into()))
    };
    view! {
        <li class="row" data-testid=ids::WORKER data-state=health_name(worker.health)>
            <span class="number">{name}</span>
            <span class="muted small">{move || health_words(worker.health, i18n.texts())}</span>
            <span class="muted small" data-testid=ids::WORKER_KERNEL>{worker.kernel}</span>
            <span class="warn small">{restarts}</span>
            <span class="row-end number">{move || i18n.language().hash_rate(worker.hash_rate)}</span>
        </li>
    }
}

const fn health_name(health: MinerHealth) -> &'static str {
    match health {
        MinerHealth::Starting => "starting",
        MinerHealth::Idle => "idle",
        MinerHealth::Searching => "searching",
        MinerHealth::Silent => "silent",
        MinerHealth::Blocked => "blocked",
    }
}

const fn health_words(health: MinerHealth, texts: &Texts) -> &'static str {
    match health {
        MinerHealth::Starting => texts.mining.starting,
        MinerHealth::Idle => texts.mining.idle,
        MinerHealth::Searching => texts.mining.searching,
        MinerHealth::Silent => texts.mining.silent,
        MinerHealth::Blocked => texts.mining.blocked,
    }
}
