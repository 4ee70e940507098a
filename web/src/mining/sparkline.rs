use crate::i18n::use_i18n;
use crate::parts::clock::use_clock;
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use leptos::prelude::*;
use std::collections::VecDeque;

/// Number of samples kept, one per second.
const SAMPLES: usize = 90;
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 56.0;

/// The hash rate over the last seconds, once there has been one.
#[component]
pub(crate) fn HashRateChart() -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let rate = use_session().part(|state| state.mining.hash_rate);
    let samples = AnySignal::new(VecDeque::<f64>::new());
    Effect::new(move |_| {
        clock.time();
        let rate = rate.get_untracked().unwrap_or(0.0);
        samples.update(|samples| {
            samples.push_back(rate);
            if samples.len() > SAMPLES {
                samples.pop_front();
            }
        });
    });
    let highest = Memo::new(move |_| samples.with(|samples| samples.iter().copied().fold(0.0, f64::max)));
    let label = move || {
        let (seconds, max) = (SAMPLES as u64, i18n.language().hash_rate(highest.get()));
        (i18n.texts().mining.rate_chart)(&i18n.language().number(seconds), &max)
    };
    let line = move || samples.with(|samples| points(samples, highest.get()));
    let area = move || format!("{} {WIDTH},{HEIGHT} {},{HEIGHT}", line(), samples.with(|samples| x(samples, 0)));
    view! {
        <Show when=move || { highest.get() > 0.0 }>
            <svg
                class="chart"
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
                role="img"
                aria-label=label
            >
                <polygon class="chart-area" points=area />
                <polyline class="chart-line" points=line />
            </svg>
        </Show>
    }
}

/// The newest sample is at the right edge.
fn x(samples: &VecDeque<f64>, index: usize) -> f64 {
    let from_right = samples.len().saturating_sub(index + 1) as f64;
    WIDTH - from_right / (SAMPLES - 1) as f64 * WIDTH
}

fn points(samples: &VecDeque<f64>, highest: f64) -> String {
    let top = highest.max(1.0);
    let point = |(index, rate): (usize, &f64)| {
        format!("{:.1},{:.1}", x(samples, index), HEIGHT - 2.0 - rate / top * (HEIGHT - 4.0))
    };
    samples.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_newest_sample_is_at_the_right() {
        let samples = VecDeque::from([0.0, 10.0]);
        assert!(points(&samples, 10.0).ends_with(&format!("{WIDTH:.1},2.0")));
        assert_eq!(points(&VecDeque::new(), 0.0), "");
    }
}
