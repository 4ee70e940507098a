use crate::about::about_line::AboutLine;
use crate::i18n::use_i18n;
use crate::ids;
use crate::mining::empty_blocks::EmptyBlocks;
use crate::minute::progress::{Progress, Step};
use crate::route::{Location, View, use_route};
use crate::session::use_session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::new_key;
use fedcoin_node::MiningStatus;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use node_wasm::messages::MiningOptions;

/// The first steps, above the overview: a key, a block, a payment. The strip disappears for good when they are done or
/// dismissed.
#[component]
pub(crate) fn FirstSteps() -> impl IntoView {
    let i18n = use_i18n();
    let progress = Progress::new();
    let view = use_route().view();
    let shown = Memo::new(move |_| view.get() == View::Overview && progress.is_shown());
    let count = Memo::new(move |_| progress.count());
    view! {
        <Show when=move || shown.get()>
            <section
                class="panel first-steps"
                aria-labelledby="first-title"
                data-testid=ids::FIRST_STEPS
                data-value=move || count.get().to_string()
            >
                <div class="panel-head">
                    <h2 id="first-title">{i18n.text(|texts| texts.minute.title)}</h2>
                    <button type="button" class="small" data-testid=ids::FIRST_STEPS_END on:click=move |_| progress.end()>
                        {i18n.text(|texts| texts.chain.dismiss)}
                    </button>
                </div>
                <AboutLine testid=ids::RULES_LINK />
                <ol class="steps">{Step::ALL.map(|step| view! { <OneStep step progress /> }).collect_view()}</ol>
                <p role="status">{move || (count.get() == 3).then(|| i18n.texts().minute.done)}</p>
            </section>
        </Show>
    }
}

#[component]
fn OneStep(step: Step, progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let state = Memo::new(move |_| progress.state(step));
    let name = move || {
        let texts = &i18n.texts().minute;
        match step {
            Step::Key => texts.key,
            Step::Mine => texts.mine,
            Step::Pay => texts.pay,
        }
    };
    let mark = move || (state.get() == "done").then(|| i18n.texts().minute.step_done);
    let body = move || match step {
        _ if state.get() == "done" => ().into_any(),
        Step::Key => view! { <MakeKey /> }.into_any(),
        Step::Mine => view! { <MineBlock /> }.into_any(),
        Step::Pay => view! { <SendPayment /> }.into_any(),
    };
    view! {
        <li class="step" data-testid=ids::FIRST_STEP data-step=step.name() data-state=move || state.get()>
            <h3>{name} <span class="visually-hidden">{mark}</span></h3>
            {body}
        </li>
    }
}

#[component]
fn MakeKey() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let outcome = AnySignal::new(None);
    view! {
        <p class="muted small">{i18n.text(|texts| texts.minute.key_hint)}</p>
        <button
            type="button"
            class="primary"
            data-testid=ids::FIRST_KEY
            disabled=move || session.ready().is_none()
            on:click=move |_| new_key::make(session, outcome)
        >
            {i18n.text(|texts| texts.keys.new_key)}
        </button>
        <p class="field-error" role="alert">{move || new_key::problem_words(outcome, i18n)}</p>
    }
}

#[component]
fn MineBlock() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let on = Memo::new(move |_| session.mining().on);
    let has_key = session.has_key();
    let status = session.part(|state| match state.status.mining {
        MiningStatus::NothingToMine => None,
        status => Some(matches!(status, MiningStatus::Mining { .. }) && state.mining.rest.is_none()),
    });
    let words = move || {
        let texts = &i18n.texts().minute;
        match (on.get(), status.get().flatten()) {
            (false, _) => texts.mine_hint,
            (true, None) => "",
            (true, Some(true)) => texts.mine_running,
            (true, Some(false)) => texts.mine_waiting,
        }
    };
    let start = move |_| session.set_mining(MiningOptions { on: true, ..session.mining_now() });
    view! {
        <p class="muted small">{words}</p>
        <Show when=move || !on.get()>
            <button
                type="button"
                class="primary"
                data-testid=ids::FIRST_MINE
                disabled=move || !has_key.get()
                on:click=start
            >
                {i18n.text(|texts| texts.mining.start)}
            </button>
        </Show>
        <EmptyBlocks />
    }
}

#[component]
fn SendPayment() -> impl IntoView {
    let i18n = use_i18n();
    let (route, wallet) = (use_route(), Location::view(View::Wallet));
    let money = use_session().part(|state| {
        let sum =
            |of: fn(&node_wasm::messages::KeyState) -> Amount| Amount::saturating_sum(state.wallet.keys.iter().map(of));
        (sum(|key| key.balance.spendable) > Amount::ZERO, sum(|key| key.balance.immature) > Amount::ZERO)
    });
    let words = move || {
        let texts = &i18n.texts().minute;
        match money.get().unwrap_or_default() {
            (true, _) => texts.pay_hint,
            (false, true) => texts.pay_maturing,
            (false, false) => texts.pay_no_money,
        }
    };
    view! {
        <p class="muted small">{words}</p>
        <p>
            <a href=wallet.fragment() on:click=move |event| route.follow(&event, wallet)>
                {i18n.text(|texts| texts.minute.open_wallet)}
            </a>
        </p>
    }
}
