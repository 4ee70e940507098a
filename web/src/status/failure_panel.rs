use crate::i18n::{Texts, use_i18n};
use crate::parts::raw_words::RawWords;
use crate::service_worker::use_installation;
use crate::session::{Phase, Problem, use_session};
use crate::{environment, ids};
use leptos::prelude::*;
use node_wasm::messages::Failure;

/// Why no node is running, and a remedy.
#[component]
pub(crate) fn FailurePanel() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let installation = use_installation();
    let why = move || match session.phase() {
        Phase::Failed(Problem::Worker(failure)) if failure.ended_worker() && installation.has_newer() => {
            i18n.texts().safety.newer_version.into()
        }
        Phase::Failed(problem) => reason(&problem, i18n.texts()),
        Phase::Starting { .. } | Phase::Opening { .. } | Phase::Running => String::new(),
    };
    let raw = move || match session.phase() {
        Phase::Failed(Problem::Worker(failure)) => Some(view! { <RawWords raw=failure.raw().map(str::to_owned) /> }),
        _ => None,
    };
    view! {
        <section class="panel failure" role="alert" data-testid=ids::FAILURE>
            <h2>{i18n.text(|texts| texts.failure.title)}</h2>
            <p class="break">{why}</p>
            {raw}
            <p class="muted">{i18n.text(|texts| texts.failure.keys_safe)}</p>
            <div class="buttons">
                <button type="button" class="primary" data-testid=ids::RETRY on:click=move |_| session.start()>
                    {i18n.text(|texts| texts.failure.retry)}
                </button>
                <button type="button" on:click=move |_| environment::load_again()>
                    {i18n.text(|texts| texts.operation.load_again)}
                </button>
            </div>
        </section>
    }
}

fn reason(problem: &Problem, texts: &Texts) -> String {
    let (texts, safety) = (&texts.failure, &texts.safety);
    match problem {
        Problem::NoNetwork(why) => (texts.no_network)(why),
        Problem::Stopped => texts.stopped.into(),
        Problem::HandedOver => texts.handed_over.into(),
        Problem::Worker(Failure::NoAnswer) => texts.no_answer.into(),
        Problem::Worker(Failure::NotLoaded) => safety.not_loaded.into(),
        Problem::Worker(Failure::OutOfMemory) => safety.out_of_memory.into(),
        Problem::Worker(Failure::Crashed(_)) => safety.crashed.into(),
        Problem::Worker(Failure::Params(_)) => texts.params.into(),
        Problem::Worker(Failure::Storage { .. }) => texts.storage.into(),
        Problem::Worker(Failure::Corrupt(_)) => texts.corrupt.into(),
        Problem::Worker(Failure::Other(_)) => texts.other.into(),
    }
}
