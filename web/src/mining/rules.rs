use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::session::Session;
use crate::signals::memo::Memo;
use leptos::prelude::*;
use node_wasm::messages::MiningOptions;
use node_wasm::mining::rules::{MiningRules, WhenHidden};

/// When to rest although mining is on: a switch each for the battery and for being hidden.
#[component]
pub(crate) fn Rules(options: Memo<MiningOptions>, session: Session) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <fieldset class="fields choices">
            <legend>{i18n.text(|texts| texts.mining.rules)}</legend>
            <Battery options session />
        </fieldset>
        <fieldset class="fields choices">
            <legend>{i18n.text(|texts| texts.mining.hidden)}</legend>
            <Hidden options session />
        </fieldset>
    }
}

#[component]
fn Battery(options: Memo<MiningOptions>, session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let change = move |event: leptos::ev::Event| {
        let options = options.get_untracked();
        let rules = MiningRules { rest_on_battery: event_target_checked(&event), ..options.rules };
        session.set_mining(MiningOptions { rules, ..options });
    };
    let hint = move || match session.circumstances().on_battery {
        None => i18n.texts().mining.battery_unknown,
        Some(true) => i18n.texts().mining.battery_in_use,
        Some(false) => i18n.texts().mining.battery_charging,
    };
    view! {
        <label class="choice">
            <input
                type="checkbox"
                data-testid=ids::MINING_REST_ON_BATTERY
                prop:checked=move || options.get().rules.rest_on_battery
                on:change=change
            />
            <span>{i18n.text(|texts| texts.mining.rest_on_battery)} " " <span class="muted small">{hint}</span></span>
        </label>
    }
}

#[component]
fn Hidden(options: Memo<MiningOptions>, session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |when_hidden| {
        let options = options.get_untracked();
        session.set_mining(MiningOptions { rules: MiningRules { when_hidden, ..options.rules }, ..options });
    };
    let choice = move |when_hidden: WhenHidden, testid: &'static str, label: fn(&Texts) -> &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="mining-when-hidden"
                    data-testid=testid
                    prop:checked=move || options.get().rules.when_hidden == when_hidden
                    on:change=move |_| choose(when_hidden)
                />
                <span>{move || label(i18n.texts())}</span>
            </label>
        }
    };
    view! {
        {choice(WhenHidden::GoOn, ids::MINING_HIDDEN_GO_ON, |t| t.mining.hidden_go_on)}
        {choice(WhenHidden::RestLater, ids::MINING_HIDDEN_REST_LATER, |t| t.mining.hidden_rest_later)}
        {choice(WhenHidden::RestAtOnce, ids::MINING_HIDDEN_REST_AT_ONCE, |t| t.mining.hidden_rest_at_once)}
    }
}
