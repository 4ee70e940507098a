use crate::i18n::use_i18n;
use crate::ids;
use crate::overview::chart::Chart;
use crate::session::samples::{Range, use_samples};
use leptos::prelude::*;

/// The network's hash rate, difficulty and block interval, from the headers that this node has checked.
#[component]
pub(crate) fn Charts() -> impl IntoView {
    let i18n = use_i18n();
    let samples = use_samples().all();
    view! {
        <section class="panel" aria-labelledby="charts-title">
            <div class="panel-head">
                <h2 id="charts-title">{i18n.text(|texts| texts.view.charts)}</h2>
                <Ranges />
            </div>
            <Show
                when=move || samples.with(|all| all.len() > 1)
                fallback=move || view! { <p class="muted">{i18n.text(|texts| texts.view.charts_none)}</p> }
            >
                <div class="network-charts">
                    <Chart
                        name="hash-rate"
                        title=Signal::derive(i18n.text(|texts| texts.view.network_hash_rate))
                        value=|sample| sample.hash_rate
                        words=|rate, language| language.hash_rate(rate)
                    />
                    <Chart
                        name="difficulty"
                        title=Signal::derive(i18n.text(|texts| texts.node.difficulty))
                        value=|sample| Some(sample.block_work)
                        words=|work, language| language.rounded(work)
                    />
                    <Chart
                        name="spacing"
                        title=Signal::derive(i18n.text(|texts| texts.view.spacing))
                        value=|sample| Some(sample.spacing_ms? / 1_000.0)
                        words=|seconds, language| language.duration(seconds)
                    />
                </div>
            </Show>
        </section>
    }
}

/// Buttons that select the part of the chain.
#[component]
fn Ranges() -> impl IntoView {
    let i18n = use_i18n();
    let chosen = use_samples().range();
    let button = move |range: Range| {
        let words = move || {
            let texts = &i18n.texts().view;
            match range {
                Range::Hundred | Range::Thousand => (texts.last_blocks)(&i18n.language().number(range.blocks().into())),
                Range::Whole => texts.whole_chain.into(),
            }
        };
        view! {
            <button
                type="button"
                class="small segment"
                data-testid=ids::CHART_RANGE
                aria-pressed=move || (chosen.get() == range).to_string()
                on:click=move |_| chosen.set(range)
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="segments" role="group" aria-label=i18n.text(|texts| texts.view.range)>
            {Range::ALL.map(button).collect_view()}
        </div>
    }
}
