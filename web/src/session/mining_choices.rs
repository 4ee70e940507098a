//! The user's mining options, remembered for all tabs, except whether mining is on.

use crate::{environment, prefs};
use fedcoin_node::MiningPolicy;
use node_wasm::messages::MiningOptions;
use node_wasm::mining::rules::{MiningRules, WhenHidden};

/// Key of the options.
const REMEMBERED: &str = "fedcoin-mining";
const ALWAYS: &str = "always";
const ON_DEMAND: &str = "on-demand";
const MIND_BATTERY: &str = "mind-battery";
const USE_BATTERY: &str = "use-battery";
const GO_ON: &str = "hidden-go-on";
const REST_LATER: &str = "hidden-rest-later";
const REST_AT_ONCE: &str = "hidden-rest-at-once";
/// Prefix of [`MiningOptions::slice_ms`], which only benchmarks set.
const SLICE: &str = "slice-";

/// The last options, but off: mining starts only by a click.
pub(crate) fn remembered() -> MiningOptions {
    parse(&prefs::lasting(REMEMBERED).unwrap_or_default(), environment::cores())
}

/// Stores these options.
pub(crate) fn remember(options: MiningOptions) {
    prefs::set_lasting(REMEMBERED, &text(options));
}

/// Parses words separated by spaces. Missing or unknown words, as from an older page, mean the defaults.
fn parse(text: &str, cores: u32) -> MiningOptions {
    let mut options = MiningOptions { threads: cores.saturating_sub(1).max(1), ..MiningOptions::default() };
    let mut words = text.split(' ');
    if let Some(threads) = words.next().and_then(|word| word.parse::<u32>().ok()) {
        options.threads = threads.clamp(1, cores);
    }
    if let Some(share) = words.next().and_then(|word| word.parse::<u8>().ok()) {
        options.share = share.clamp(1, 100);
    }
    for word in words {
        match word {
            ALWAYS => options.policy = MiningPolicy::Always,
            ON_DEMAND => options.policy = MiningPolicy::OnDemand,
            MIND_BATTERY => options.rules.rest_on_battery = true,
            USE_BATTERY => options.rules.rest_on_battery = false,
            GO_ON => options.rules.when_hidden = WhenHidden::GoOn,
            REST_LATER => options.rules.when_hidden = WhenHidden::RestLater,
            REST_AT_ONCE => options.rules.when_hidden = WhenHidden::RestAtOnce,
            _ => {
                if let Some(ms) = word.strip_prefix(SLICE) {
                    options.slice_ms = ms.parse().ok();
                }
            }
        }
    }
    options
}

fn text(options: MiningOptions) -> String {
    let MiningOptions { threads, share, policy, rules, slice_ms, .. } = options;
    let MiningRules { rest_on_battery, when_hidden } = rules;
    let policy = match policy {
        MiningPolicy::Always => ALWAYS,
        MiningPolicy::OnDemand => ON_DEMAND,
    };
    let battery = if rest_on_battery { MIND_BATTERY } else { USE_BATTERY };
    let hidden = match when_hidden {
        WhenHidden::GoOn => GO_ON,
        WhenHidden::RestLater => REST_LATER,
        WhenHidden::RestAtOnce => REST_AT_ONCE,
    };
    let slice = slice_ms.map(|ms| format!(" {SLICE}{ms}")).unwrap_or_default();
    format!("{threads} {share} {policy} {battery} {hidden}{slice}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn choices_survive_but_mining_starts_off() {
        for policy in [MiningPolicy::Always, MiningPolicy::OnDemand] {
            for when_hidden in [WhenHidden::GoOn, WhenHidden::RestLater, WhenHidden::RestAtOnce] {
                for rest_on_battery in [true, false] {
                    let rules = MiningRules { rest_on_battery, when_hidden };
                    for slice_ms in [None, Some(10)] {
                        let chosen = MiningOptions { on: true, policy, threads: 3, share: 40, rules, slice_ms };
                        assert_eq!(parse(&text(chosen), 4), MiningOptions { on: false, ..chosen });
                    }
                }
            }
        }
    }

    #[wasm_bindgen_test]
    fn foreign_values_are_harmless() {
        let old = parse("2 50 always", 4);
        assert_eq!(
            (old.threads, old.share, old.policy, old.rules),
            (2, 50, MiningPolicy::Always, MiningRules::default())
        );
        let odd = parse("900 255 sometimes slice-thin", 4);
        assert_eq!((odd.threads, odd.share, odd.policy, odd.slice_ms), (4, 100, MiningPolicy::OnDemand, None));
        assert_eq!(parse("", 4), MiningOptions { threads: 3, ..MiningOptions::default() });
        assert_eq!(parse("", 1).threads, 1);
    }
}
