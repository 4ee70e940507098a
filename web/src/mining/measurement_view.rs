use crate::environment;
use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::mining::reference;
use crate::session::{Session, use_session};
use crate::signals::any_signal::AnySignal;
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::Latency;
use node_wasm::mining::measurement::{Measurement, Step, measure};

/// The progress of a measurement.
#[derive(Clone, Debug, PartialEq)]
enum Phase {
    /// None was started, or it was cancelled.
    Idle,
    Running(Step),
    Done(Measurement),
    /// The worker did not respond.
    Failed,
}

/// The speed of one worker on this machine, compared with the project's machine.
#[component]
pub(crate) fn MeasurementView() -> impl IntoView {
    let i18n = use_i18n();
    let phase = AnySignal::new(Phase::Idle);
    let done = move || match phase.get() {
        Phase::Done(measurement) => Some(view! { <Outcome measurement /> }),
        _ => None,
    };
    view! {
        <p class="muted small">{i18n.text(|texts| texts.mining.measurement_hint)}</p>
        <Buttons phase />
        <p role="status" class="small" data-testid=ids::MEASUREMENT_STATE data-state=move || phase.with(name)>
            {move || phase.with(|phase| words(phase, i18n.language()))}
        </p>
        {done}
    }
}

#[component]
fn Buttons(phase: AnySignal<Phase>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let workers = session.part(|state| state.mining.workers.len());
    let handle = StoredValue::new_local(None::<AbortHandle>);
    let running = move || phase.with(|phase| matches!(phase, Phase::Running(_)));
    let begin = move |_| {
        let is_idle = move || workers.get_untracked().unwrap_or(0) == 0;
        handle.set_value(Some(begin(session, phase, is_idle)));
    };
    let cancel = move || {
        handle.with_value(|handle| handle.iter().for_each(AbortHandle::abort));
    };
    on_cleanup(cancel);
    view! {
        <div class="buttons">
            <button type="button" data-testid=ids::MEASURE disabled=running on:click=begin>
                {i18n.text(|texts| texts.mining.measure)}
            </button>
            <button
                type="button"
                data-testid=ids::MEASURE_CANCEL
                disabled=move || !running()
                on:click=move |_| cancel()
            >
                {i18n.text(|texts| texts.common.cancel)}
            </button>
        </div>
    }
}

/// Measures once the tab's own miners have stopped; they rest until the measurement has ended.
fn begin(session: Session, phase: AnySignal<Phase>, is_idle: impl Fn() -> bool + 'static) -> AbortHandle {
    phase.set(Phase::Running(Step::Starting));
    session.change_circumstances(|seen| seen.measuring = true);
    let script = environment::script("kernel-worker");
    let (work, handle) =
        abortable(async move { measure(&script, is_idle, move |step| phase.set(Phase::Running(step))).await });
    spawn_local(async move {
        let outcome = work.await;
        session.change_circumstances(|seen| seen.measuring = false);
        // A user who left the view does not need the result.
        phase.try_set(match outcome {
            Ok(Ok(measurement)) => Phase::Done(measurement),
            Ok(Err(_)) => Phase::Failed,
            Err(_) => Phase::Idle,
        });
    });
    handle
}

const fn name(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Running(_) => "running",
        Phase::Done(_) => "done",
        Phase::Failed => "failed",
    }
}

fn words(phase: &Phase, language: Language) -> String {
    let texts = &language.texts().mining;
    match phase {
        Phase::Idle | Phase::Done(_) => String::new(),
        Phase::Running(Step::Starting) => texts.measuring_start.into(),
        Phase::Running(Step::Kernel(kernel)) => (texts.measuring_kernel)(kernel),
        Phase::Running(Step::Pauses) => texts.measuring_pauses.into(),
        Phase::Failed => texts.measurement_failed.into(),
    }
}

#[component]
fn Outcome(measurement: Measurement) -> impl IntoView {
    let i18n = use_i18n();
    let Measurement { kernels, pauses, shared_flag } = measurement;
    let rate = move |rate| i18n.language().hash_rate(rate);
    let kernel = move |kernel: String, here: f64| {
        let there = reference::hash_rate(&kernel);
        let name = kernel.clone();
        view! {
            <tr data-testid=ids::MEASURED_KERNEL data-name=name data-value=here.to_string()>
                <th scope="row">{move || (i18n.texts().mining.kernel)(&kernel)}</th>
                <td class="number">{move || rate(here)}</td>
                <td class="number">{move || there.map(rate)}</td>
            </tr>
        }
    };
    let pause = move |pauses: Latency| {
        let ms = |ms| i18n.language().decimal(ms, 1);
        (i18n.texts().mining.preemption_value)(&ms(pauses.p50_ms), &ms(pauses.p99_ms))
    };
    let there = Latency { count: 0, p50_ms: reference::PAUSE_P50_MS, p99_ms: reference::PAUSE_P99_MS };
    let way = move || {
        let texts = &i18n.texts().mining;
        if shared_flag { texts.shared_flag } else { texts.no_shared_flag }
    };
    view! {
        <table class="comparison">
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">{i18n.text(|texts| texts.mining.this_machine)}</th>
                    <th scope="col">{reference::MACHINE}</th>
                </tr>
            </thead>
            <tbody>
                {kernels.into_iter().map(|one| kernel(one.kernel, one.hash_rate)).collect_view()}
                <tr data-testid=ids::MEASURED_PAUSES data-p50=pauses.p50_ms.to_string() data-p99=pauses.p99_ms.to_string()>
                    <th scope="row">{i18n.text(|texts| texts.mining.stops_in)}</th>
                    <td class="number">{move || pause(pauses)} " " <span class="muted small">{way}</span></td>
                    <td class="number">{move || pause(there)}</td>
                </tr>
                <tr>
                    <th scope="row">{i18n.text(|texts| texts.mining.native)}</th>
                    <td></td>
                    <td class="number">{move || rate(reference::NATIVE)}</td>
                </tr>
            </tbody>
        </table>
    }
}
