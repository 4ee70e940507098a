use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::parts::clock;
use crate::session::samples::use_samples;
use crate::shapes::axis;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use fedcoin_node::chain::ChainSample;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The size of the drawing, which is stretched to the place it gets. Words and dots stand above it, unstretched.
const SIZE: f64 = 100.0;
/// Maximum number of steps of the axes.
const STEPS: u32 = 3;

/// The points of a chart, from 0 to 1 in both directions, and the words of its axes.
#[derive(Clone, Debug, PartialEq)]
struct Plot {
    points: Vec<Option<(f64, f64)>>,
    /// The vertical axis: values from 0 to the top.
    values: Vec<f64>,
    /// The horizontal axis: heights and where they stand.
    heights: Vec<(u32, f64)>,
    /// The places of the lowest and the highest point.
    extremes: Option<(usize, usize)>,
}

impl Plot {
    fn of(samples: &[ChainSample], value: fn(&ChainSample) -> Option<f64>) -> Self {
        let known: Vec<Option<f64>> = samples.iter().map(value).collect();
        let values = axis::ticks(known.iter().flatten().copied().fold(0.0, f64::max), STEPS);
        let top = values.last().copied().unwrap_or(1.0);
        let (first, last) = (samples.first().map_or(0, |s| s.height.0), samples.last().map_or(0, |s| s.height.0));
        let x = |height: u32| f64::from(height.saturating_sub(first)) / f64::from(last.saturating_sub(first).max(1));
        let points = samples.iter().zip(&known).map(|(sample, value)| Some((x(sample.height.0), (*value)? / top)));
        Self {
            points: points.collect(),
            heights: axis::heights(first, last, STEPS).into_iter().map(|height| (height, x(height))).collect(),
            extremes: axis::extremes(&known),
            values,
        }
    }

    /// The point nearest to this share of the width.
    fn nearest(&self, share: f64) -> Option<usize> {
        let distance = |point: &Option<(f64, f64)>| point.map_or(f64::MAX, |(x, _)| (x - share).abs());
        let all = self.points.iter().enumerate();
        all.min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b))).map(|(place, _)| place)
    }

    fn line(&self) -> String {
        let mut path = String::new();
        for (x, y) in self.points.iter().flatten() {
            path.push_str(&format!(
                "{}{:.2} {:.2}",
                if path.is_empty() { 'M' } else { 'L' },
                x * SIZE,
                SIZE - y * SIZE
            ));
        }
        path
    }

    fn area(&self) -> String {
        let known = || self.points.iter().flatten().map(|(x, _)| x * SIZE);
        match (known().next(), known().next_back()) {
            (Some(first), Some(last)) => format!("{}L{last:.2} {SIZE}L{first:.2} {SIZE}Z", self.line()),
            _ => String::new(),
        }
    }
}

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
    let plot = Memo::new(move |_| samples.with(|all| Plot::of(all, value)));
    let pointed = AnySignal::new(None::<f64>);
    let at = Memo::new(move |_| plot.with(|plot| plot.nearest(pointed.get()?)));
    let sample = move |place: Option<usize>| samples.with(|all| place.map_or(all.last(), |n| all.get(n)).copied());
    let in_words = move |sample: &ChainSample| value(sample).map_or_else(|| "–".into(), |n| words(n, i18n.language()));
    let shown = move || sample(at.get()).map(|sample| in_words(&sample));
    let extreme = move |place: usize| sample(Some(place)).map(|sample| in_words(&sample)).unwrap_or_default();
    let label = move || {
        let ends = plot.with(|plot| plot.extremes).unwrap_or((0, 0));
        let now = sample(None).map(|sample| in_words(&sample)).unwrap_or_default();
        (i18n.texts().view.chart_label)(title.get(), &now, &extreme(ends.0), &extreme(ends.1))
    };
    let foot = move || match at.get().and_then(|place| sample(Some(place))) {
        Some(sample) => {
            let language = i18n.language();
            let block = (i18n.texts().chain.block)(&language.number(sample.height.0.into()));
            format!("{block}, {}", clock::date_time(sample.time, language.code()))
        }
        None => samples.with(|all| ends(all, i18n.language())),
    };
    view! {
        <figure class="network-chart" data-testid=ids::CHART data-name=name data-points=move || samples.with(Vec::len)>
            <figcaption class="chart-head">
                <span class="chart-title">{move || title.get()}</span>
                <span class="chart-value number">{shown}</span>
            </figcaption>
            <div class="plot">
                <svg
                    class="chart chart-large"
                    viewBox=format!("0 0 {SIZE} {SIZE}")
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=label
                    on:pointermove=move |event| pointed.set(share(&event))
                    on:pointerleave=move |_| pointed.set(None)
                >
                    <path class="chart-grid" d=move || plot.with(grid) />
                    <path class="chart-area" d=move || plot.with(Plot::area) />
                    <path class="chart-line" d=move || plot.with(Plot::line) />
                    <path class="chart-cross" d=move || plot.with(|plot| cross(plot, at.get())) />
                </svg>
                <Extremes plot words=extreme />
                <Axes plot words />
            </div>
            <p class="chart-foot muted small number">{foot}</p>
        </figure>
    }
}

/// Lines at the values of the axis.
fn grid(plot: &Plot) -> String {
    let count = plot.values.len().saturating_sub(1).max(1) as f64;
    (0..plot.values.len()).map(|n| format!("M0 {:.2}H{SIZE}", SIZE - n as f64 / count * SIZE)).collect()
}

/// A line through the point in question.
fn cross(plot: &Plot, at: Option<usize>) -> String {
    let point = at.and_then(|place| *plot.points.get(place)?);
    point.map_or_else(String::new, |(x, _)| format!("M{:.2} 0V{SIZE}", x * SIZE))
}

/// Dots at the lowest and the highest point, with their values.
#[component]
fn Extremes(plot: Memo<Plot>, words: impl Fn(usize) -> String + Copy + Send + Sync + 'static) -> impl IntoView {
    let mark = move |is_highest: bool| {
        let point = Memo::new(move |_| {
            plot.with(|plot| {
                let (lowest, highest) = plot.extremes?;
                let place = if is_highest { highest } else { lowest };
                Some((place, (*plot.points.get(place)?)?))
            })
        });
        let x = move || point.get().map_or(0.0, |(_, (x, _))| x);
        let side = move || if x() > 0.5 { "left" } else { "right" };
        view! {
            <Show when=move || point.get().is_some()>
                <span
                    class="chart-dot"
                    data-side=side
                    aria-hidden="true"
                    style:left=move || percent(x())
                    style:bottom=move || percent(point.get().map_or(0.0, |(_, (_, y))| y))
                >
                    <span class="chart-extreme number">{move || point.get().map(|(place, _)| words(place))}</span>
                </span>
            </Show>
        }
    };
    view! { {mark(true)} {mark(false)} }
}

/// The values at the left, the heights below.
#[component]
fn Axes(plot: Memo<Plot>, words: fn(f64, Language) -> String) -> impl IntoView {
    let i18n = use_i18n();
    let values = move || {
        let values = plot.with(|plot| plot.values.clone());
        let count = values.len().saturating_sub(1).max(1) as f64;
        let mark = |(n, value): (usize, f64)| {
            view! {
                <span class="chart-tick number" style:bottom=percent(n as f64 / count)>{words(value, i18n.language())}</span>
            }
        };
        values.into_iter().enumerate().skip(1).map(mark).collect_view()
    };
    let heights = move || {
        let mark = |(height, x): (u32, f64)| {
            view! { <span class="chart-height number" style:left=percent(x)>{i18n.language().number(height.into())}</span> }
        };
        plot.with(|plot| plot.heights.clone()).into_iter().map(mark).collect_view()
    };
    view! {
        <div class="chart-values" aria-hidden="true">{values}</div>
        <div class="chart-heights" aria-hidden="true">{heights}</div>
    }
}

fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

/// The pointer's position, from 0 at the left to 1 at the right.
fn share(event: &leptos::ev::PointerEvent) -> Option<f64> {
    let element = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
    let bounds = element.get_bounding_client_rect();
    Some(((f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0)).clamp(0.0, 1.0))
}

/// The first and the last block, in words.
fn ends(samples: &[ChainSample], language: Language) -> String {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return String::new() };
    let number = |sample: &ChainSample| language.number(sample.height.0.into());
    (language.texts().view.chart_ends)(&number(first), &number(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::units::{Height, Timestamp};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn sample(height: u32, hash_rate: Option<f64>) -> ChainSample {
        let height = Height(height);
        ChainSample { height, time: Timestamp(0), block_work: 1.0, hash_rate, spacing_ms: None, blocks: 1 }
    }

    #[wasm_bindgen_test]
    fn lines_leave_out_unknown_values() {
        let samples = [sample(1, None), sample(2, Some(5.0)), sample(3, Some(9.0))];
        let plot = Plot::of(&samples, |sample| sample.hash_rate);
        assert_eq!(plot.values, [0.0, 5.0, 10.0]);
        assert_eq!(plot.line(), "M50.00 50.00L100.00 10.00");
        assert_eq!(plot.area(), "M50.00 50.00L100.00 10.00L100.00 100L50.00 100Z");
        assert_eq!((plot.extremes, plot.heights.len()), (Some((1, 2)), 3));
        assert_eq!([0.0, 0.7, 0.8, 1.0].map(|share| plot.nearest(share)), [1, 1, 2, 2].map(Some));
        assert_eq!(grid(&plot), "M0 100.00H100M0 50.00H100M0 0.00H100");
        let empty = Plot::of(&[], |sample| sample.hash_rate);
        assert_eq!((empty.line(), empty.area(), empty.nearest(0.5)), (String::new(), String::new(), None));
    }
}
