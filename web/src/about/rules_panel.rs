use crate::i18n::{Language, use_i18n};
use crate::ids;
use crate::session::use_session;
use fedcoin_node::consensus::{ChainParams, Retarget, TieBreak};
use fedcoin_node::units::{Amount, Height};
use leptos::prelude::*;

/// The rules of the network, in words.
#[component]
pub(crate) fn RulesPanel() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let height = session.part(|state| state.status.tip.height);
    let facts = move || {
        let params = session.params()?;
        let facts = facts(&params, height.get().unwrap_or_default(), i18n.language());
        Some(facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view())
    };
    let id = move || session.params().map(|params| params.network_id().to_string());
    view! {
        <section class="panel" aria-labelledby="rules-title" data-testid=ids::RULES>
            <h2 id="rules-title">{i18n.text(|texts| texts.about.title)}</h2>
            <p>{i18n.text(|texts| texts.about.hint)}</p>
            <dl class="facts">
                <dt>{i18n.text(|texts| texts.header.network)}</dt>
                <dd translate="no">{move || session.params().map(|params| params.name)}</dd>
                {facts}
                <dt>{i18n.text(|texts| texts.header.network_id)}</dt>
                <dd><code class="break">{id}</code></dd>
            </dl>
        </section>
    }
}

/// The rules in which networks differ: names and values. The next block is the one after this height.
fn facts(params: &ChainParams, tip: Height, language: Language) -> Vec<(&'static str, String)> {
    let (texts, number) = (&language.texts().about, |n: u32| language.number(n.into()));
    let next = Height(tip.0.saturating_add(1));
    let interval = params.halving_interval;
    let halving = (u64::from(next.0 / interval) + 1) * u64::from(interval);
    let seconds = params.spacing_ms as f64 / 1_000.0;
    let target = params.target.expand().map(|target| target.work().as_f64()).unwrap_or_default();
    let [min, max] = [params.min_block_payments, params.max_block_payments].map(number);
    let payments = if params.min_block_payments == 0 { texts.payments_empty } else { texts.payments_some };
    vec![
        (language.texts().view.spacing, (texts.spacing)(&language.duration(seconds))),
        (
            texts.difficulty,
            match params.retarget {
                Retarget::Fixed => (texts.difficulty_fixed)(&language.rounded(target)),
                Retarget::EachBlock => texts.difficulty_follows.into(),
            },
        ),
        (texts.reward, (texts.reward_now)(&language.amount(params.subsidy_at(next)), &number(next.0))),
        (
            texts.halving,
            (texts.halving_at)(
                &number(interval),
                &language.duration(seconds * f64::from(interval)),
                &language.number(halving),
            ),
        ),
        (
            texts.supply,
            (texts.supply_at_most)(&language.amount(supply(params)), &language.amount(params.genesis.amount)),
        ),
        (texts.maturity, language.plural(texts.maturity_blocks, params.coinbase_maturity.max(1).into())),
        (texts.payments, payments(&min, &max)),
        (texts.size, language.bytes(params.max_block_bytes.into())),
        (
            texts.tie,
            match params.tie_break {
                TieBreak::EarlierTime => texts.tie_time.into(),
                TieBreak::LowerId => texts.tie_id.into(),
            },
        ),
        (texts.rules, number(params.rules.into())),
    ]
}

/// All money that there will ever be, without a node's rounding: the first block has the genesis amount, each interval
/// the halved subsidy.
fn supply(params: &ChainParams) -> Amount {
    let interval = u64::from(params.halving_interval);
    let all: u64 = (0..64).map(|times| params.subsidy.halved(times).units() * interval).sum();
    // The interval of genesis has one block less.
    let units = (all - params.subsidy.units()).saturating_add(params.genesis.amount.units());
    Amount::from_units(units).unwrap_or(Amount::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_supply_is_the_sum_of_all_rewards() {
        for params in [ChainParams::classroom(), ChainParams::regtest()] {
            let heights = (0..params.halving_interval * 64).map(Height);
            let sum: u64 = heights.map(|height| params.subsidy_at(height).units()).sum();
            assert_eq!(supply(&params).units(), sum);
        }
    }

    #[wasm_bindgen_test]
    fn rules_are_told_in_words() {
        let value = |params: &ChainParams, tip, name| {
            let facts = facts(params, Height(tip), Language::English);
            facts.into_iter().find(|fact| fact.0 == name).unwrap().1
        };
        let texts = &Language::English.texts().about;
        let classroom = ChainParams::classroom();
        assert!(value(&classroom, 0, texts.reward).starts_with("50 FED"));
        assert!(value(&classroom, 9, texts.reward).starts_with("25 FED"), "block 10 is the first after a halving");
        assert!(value(&classroom, 8, texts.halving).contains("block 10"));
        assert!(value(&classroom, 9, texts.halving).contains("block 20"));
        assert!(value(&classroom, 0, texts.payments).starts_with("1 to 5"));
        assert!(value(&classroom, 0, texts.difficulty).contains("65.5"));
        let main = ChainParams::main();
        assert!(value(&main, 0, texts.halving).contains("365"));
        assert!(value(&main, 0, texts.payments).contains("empty"));
        assert_eq!(value(&main, 0, texts.maturity), "after 10 blocks");
    }
}
