use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::session::samples::use_samples;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::chain::ChainSample;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 110.0;
/// Space above the highest point and below zero.
const EDGE: f64 = 4.0;

/// One value of each sample, as a line over the blocks.
#[component]
pub(crate) fn Chart(
    #[prop(into)] title: Signal<&'static str>,
    value: fn(&ChainSample) -> Option<f64>,
    words: fn(f64, Language) -> String,
    /// A name for tests.
    name: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let samples = use_samples().all();
    let pointed = AnySignal::new(None::<f64>);
    let highest = Memo::new(move |_| samples.with(|all| all.iter().filter_map(value).fold(0.0, f64::max)));
    let at = Memo::new(move |_| {
        samples.with(|all| {
            let index = pointed.get().map_or(all.len().saturating_sub(1), |share| nearest(share, all.len()));
            Some((index, *all.get(index)?))
        })
    });
    let shown = move || {
        let (_, sample) = at.get()?;
        Some(value(&sample).map_or_else(|| "–".into(), |value| words(value, i18n.language())))
    };
    let place = move || {
        let (_, sample) = at.get().filter(|_| pointed.get().is_some())?;
        let (language, block) = (i18n.language(), i18n.texts().chain.block);
        let height = language.number(sample.height.0.into());
        Some(format!("{}, {}", block(&height), clock::date_time(sample.time, language.code())))
    };
    let label = move || {
        let max = words(highest.get(), i18n.language());
        (i18n.texts().view.chart_label)(title.get(), &shown().unwrap_or_default(), &max)
    };
    let cross = move || {
        let (index, _) = at.get().filter(|_| pointed.get().is_some())?;
        let x = x(index, samples.with(Vec::len));
        Some(view! { <line class="chart-cross" x1=x x2=x y1="0" y2=HEIGHT /> })
    };
    view! {
        <figure class="network-chart" data-testid=ids::CHART data-name=name data-points=move || samples.with(Vec::len)>
            <figcaption class="chart-head">
                <span class="chart-title">{move || title.get()}</span>
                <span class="chart-value number">{shown}</span>
            </figcaption>
            <svg
                class="chart chart-large"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=label
                on:pointermove=move |event| pointed.set(share(&event))
                on:pointerleave=move |_| pointed.set(None)
            >
                <path class="chart-area" d=move || samples.with(|all| area(all, value, highest.get())) />
                <path class="chart-line" d=move || samples.with(|all| line(all, value, highest.get())) />
                {cross}
            </svg>
            <p class="chart-foot muted small number">
                {move || place().unwrap_or_else(|| samples.with(|all| ends(all, i18n.language())))}
            </p>
        </figure>
    }
}

/// The pointer's position, from 0 at the left to 1 at the right.
fn share(event: &leptos::ev::PointerEvent) -> Option<f64> {
    let element = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
    let bounds = element.get_bounding_client_rect();
    Some(((f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0)).clamp(0.0, 1.0))
}

fn nearest(share: f64, count: usize) -> usize {
    // Between 0 and a few hundred.
    (share * count.saturating_sub(1) as f64).round() as usize
}

/// The first and the last block, in words.
fn ends(samples: &[ChainSample], language: Language) -> String {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return String::new() };
    let number = |sample: &ChainSample| language.number(sample.height.0.into());
    (language.texts().view.chart_ends)(&number(first), &number(last))
}

fn x(index: usize, count: usize) -> f64 {
    index as f64 / count.saturating_sub(1).max(1) as f64 * WIDTH
}

/// The points with a value.
fn points(
    samples: &[ChainSample],
    value: fn(&ChainSample) -> Option<f64>,
    highest: f64,
) -> impl Iterator<Item = (f64, f64)> {
    let y = move |value: f64| HEIGHT - EDGE - value / highest.max(f64::MIN_POSITIVE) * (HEIGHT - 2.0 * EDGE);
    samples.iter().enumerate().filter_map(move |(i, sample)| Some((x(i, samples.len()), y(value(sample)?))))
}

fn line(samples: &[ChainSample], value: fn(&ChainSample) -> Option<f64>, highest: f64) -> String {
    let mut path = String::new();
    for (x, y) in points(samples, value, highest) {
        path.push_str(&format!("{}{x:.1} {y:.1}", if path.is_empty() { 'M' } else { 'L' }));
    }
    path
}

fn area(samples: &[ChainSample], value: fn(&ChainSample) -> Option<f64>, highest: f64) -> String {
    let (first, last) = (points(samples, value, highest).next(), points(samples, value, highest).last());
    match (first, last) {
        (Some((first, _)), Some((last, _))) => {
            format!("{}L{last:.1} {HEIGHT}L{first:.1} {HEIGHT}Z", line(samples, value, highest))
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::units::{Height, Timestamp};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn sample(hash_rate: Option<f64>) -> ChainSample {
        ChainSample { height: Height(1), time: Timestamp(0), block_work: 1.0, hash_rate, spacing_ms: None }
    }

    #[wasm_bindgen_test]
    fn lines_leave_out_unknown_values() {
        let samples = [sample(None), sample(Some(5.0)), sample(Some(10.0))];
        let rate = |sample: &ChainSample| sample.hash_rate;
        assert_eq!(line(&samples, rate, 10.0), "M300.0 55.0L600.0 4.0");
        assert_eq!(area(&samples, rate, 10.0), "M300.0 55.0L600.0 4.0L600.0 110L300.0 110Z");
        assert_eq!((line(&[], rate, 0.0), area(&[], rate, 0.0)), (String::new(), String::new()));
        assert_eq!([0.0, 0.3, 0.5, 1.0].map(|share| nearest(share, 3)), [0, 1, 1, 2]);
        assert_eq!(nearest(0.5, 0), 0);
    }
}
