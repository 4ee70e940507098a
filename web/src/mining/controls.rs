use crate::i18n::use_i18n;
use crate::mining::rules::Rules;
use crate::route::{Location, View, use_route};
use crate::session::{Session, use_session};
use crate::signals::memo::Memo;
use crate::{environment, ids};
use fedcoin_node::MiningPolicy;
use leptos::prelude::*;
use node_wasm::messages::MiningOptions;

/// The mining options as the user last chose them. Two quick changes both apply to these, not to the state last
/// reported by the node.
#[component]
pub(crate) fn MiningChoices() -> impl IntoView {
    let session = use_session();
    let i18n = use_i18n();
    let options = Memo::new(move |_| session.mining());
    view! {
        <div class="field-pair">
            <Threads options session />
            <Share options session />
        </div>
        <p class="muted small">{i18n.text(|texts| texts.mining.share_hint)}</p>
        <Policy options session />
        <Rules options session />
    }
}

/// Starts and pauses: one button, which keeps the focus.
#[component]
pub(crate) fn OnOff() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let options = Memo::new(move |_| session.mining());
    let has_key = session.has_key();
    let on = Memo::new(move |_| options.get().on);
    let turn = move |_| session.set_mining(MiningOptions { on: !on.get_untracked(), ..options.get_untracked() });
    let (route, wallet) = (use_route(), Location::view(View::Wallet));
    view! {
        <Show when=move || !has_key.get()>
            <p>
                <a href=wallet.fragment() on:click=move |event| route.follow(&event, wallet)>
                    {i18n.text(|texts| texts.mining.make_key)}
                </a>
            </p>
        </Show>
        <div class="buttons">
            <button
                type="button"
                class:primary=move || !on.get()
                data-testid=move || if on.get() { ids::MINING_PAUSE } else { ids::MINING_START }
                disabled=move || !has_key.get() && !on.get()
                on:click=turn
            >
                {move || if on.get() { i18n.texts().mining.pause } else { i18n.texts().mining.start }}
            </button>
        </div>
    }
}

#[component]
fn Threads(options: Memo<MiningOptions>, session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let cores = environment::cores();
    let enough = session.part(|state| state.mining.enough);
    let change = move |event: leptos::ev::Event| {
        let Ok(threads) = event_target_value(&event).parse::<u32>() else { return };
        session.set_mining(MiningOptions { threads: threads.clamp(1, cores), ..options.get_untracked() });
    };
    view! {
        <div class="field">
            <label for="mining-threads">
                {i18n.text(|texts| texts.mining.threads)} " "
                <span class="muted small">{move || (i18n.texts().mining.threads_of)(&i18n.language().number(cores.into()))}</span>
            </label>
            <input
                type="number"
                id="mining-threads"
                inputmode="numeric"
                min="1"
                max=cores
                data-testid=ids::MINING_THREADS
                prop:value=move || options.get().threads
                on:change=change
            />
            <p class="muted small" role="status" data-testid=ids::MINING_ENOUGH>
                {move || enough.get().flatten().map(|n| (i18n.texts().safety.threads_enough)(&i18n.language().number(n.into())))}
            </p>
        </div>
    }
}

#[component]
fn Share(options: Memo<MiningOptions>, session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let change = move |event: leptos::ev::Event| {
        let Ok(share) = event_target_value(&event).parse::<u8>() else { return };
        session.set_mining(MiningOptions { share: share.clamp(1, 100), ..options.get_untracked() });
    };
    view! {
        <div class="field">
            <label for="mining-share">{i18n.text(|texts| texts.mining.share)}</label>
            <input
                type="number"
                id="mining-share"
                inputmode="numeric"
                min="1"
                max="100"
                data-testid=ids::MINING_SHARE
                prop:value=move || options.get().share
                on:change=change
            />
        </div>
    }
}

#[component]
fn Policy(options: Memo<MiningOptions>, session: Session) -> impl IntoView {
    let i18n = use_i18n();
    let choice = move |policy: MiningPolicy, testid: &'static str, label: fn(&crate::i18n::Texts) -> &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="mining-policy"
                    data-testid=testid
                    prop:checked=move || options.get().policy == policy
                    on:change=move |_| session.set_mining(MiningOptions { policy, ..options.get_untracked() })
                />
                <span>{move || label(i18n.texts())}</span>
            </label>
        }
    };
    view! {
        <fieldset class="fields choices">
            <legend>{i18n.text(|texts| texts.mining.policy)}</legend>
            {choice(MiningPolicy::OnDemand, ids::MINING_ON_DEMAND, |t| t.mining.on_demand)}
            {choice(MiningPolicy::Always, ids::MINING_ALWAYS, |t| t.mining.always)}
        </fieldset>
    }
}
