use crate::signals::any_signal::AnySignal;
use fedcoin_node::units::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// The browser's clock as a signal, for ages and countdowns.
#[derive(Clone, Copy)]
pub(crate) struct Clock(AnySignal<Timestamp>);

impl Clock {
    /// Starts a clock that ticks every second; a context of the whole page.
    pub(crate) fn provide() -> Self {
        let clock = Self(AnySignal::new(now()));
        set_interval(move || clock.0.set(now()), Duration::from_secs(1));
        provide_context(clock);
        clock
    }

    /// The time; the caller is updated every second.
    pub(crate) fn time(self) -> Timestamp {
        self.0.get()
    }
}

pub(crate) fn use_clock() -> Clock {
    expect_context()
}

/// The current time.
pub(crate) fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}

/// A time as a local date and time of day.
pub(crate) fn date_time(time: Timestamp, language: &str) -> String {
    let date = js_sys::Date::new(&(time.0 as f64).into());
    String::from(date.to_locale_string(&locale(language), &wasm_bindgen::JsValue::UNDEFINED))
}

/// A time in ISO 8601 and UTC, with milliseconds.
pub(crate) fn iso_time(time: Timestamp) -> String {
    // Only times after the year 275,760 have none.
    let date = js_sys::Date::new(&(time.0 as f64).into());
    if date.get_time().is_nan() { String::new() } else { date.to_iso_string().into() }
}

/// A time's date in ISO 8601 and UTC.
pub(crate) fn iso_date(time: Timestamp) -> String {
    iso_time(time).chars().take_while(|c| *c != 'T').collect()
}

/// A time as a local time of day.
pub(crate) fn time_of_day(time: Timestamp, language: &str) -> String {
    let date = js_sys::Date::new(&(time.0 as f64).into());
    String::from(date.to_locale_time_string(&locale(language)))
}

/// The browser's regional variant of a language, such as `en-US`, which decides between 12 and 24 hours.
fn locale(language: &str) -> String {
    let known = window().navigator().languages();
    let variety = |code: &String| code.strip_prefix(language).is_some_and(|rest| rest.starts_with('-'));
    let own = known.iter().filter_map(|code| code.as_string()).find(variety);
    own.unwrap_or_else(|| if language == "en" { "en-GB".into() } else { language.into() })
}
