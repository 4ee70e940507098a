use crate::about::about_line::RulesLink;
use crate::explorer::block_search::BlockSearch;
use crate::i18n::{Language, short, use_i18n};
use crate::ids;
use crate::parts::clock::use_clock;
use crate::session::{Phase, Session, use_session};
use crate::signals::memo::Memo;
use crate::views::navigation::Navigation;
use leptos::prelude::*;
use node_wasm::messages::{Carrier, RelayConnection};

/// Name, views, search, network, connection and language.
#[component]
pub(crate) fn HeaderBar() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <header class="header">
            <div class="brand">
                <Mark />
                <div>
                    <h1>"FEDCoin"</h1>
                    <p class="muted small">{i18n.text(|texts| texts.header.tagline)}</p>
                </div>
            </div>
            <Navigation />
            <div class="header-end">
                <BlockSearch />
                <Network />
                <Relay />
                <LanguageSwitch />
            </div>
        </header>
    }
}

#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="40" height="40" aria-hidden="true">
            <rect width="32" height="32" rx="8" class="mark-ground" />
            <path d="M11 25V8h11M11 16h8" class="mark-letter" />
            <circle cx="22.5" cy="23.5" r="2.6" class="mark-coin" />
        </svg>
    }
}

#[component]
fn Network() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_session();
    let name = move || params.params().map(|p| p.name);
    let id = Memo::new(move |_| params.params().map(|p| p.network_id().to_string()));
    let title = move || format!("{}: {}", i18n.texts().header.network_id, id.get().unwrap_or_default());
    view! {
        <div class="network" title=title data-testid=ids::NETWORK data-id=move || id.get()>
            <span class="muted small">{i18n.text(|texts| texts.header.network)}</span>
            <RulesLink testid=ids::RULES_LINK><span class="network-name">{name}</span></RulesLink>
            <code translate="no" class="muted small">{move || id.get().map(|id| short(&id))}</code>
        </div>
    }
}

/// The state of the relay connection as a name for tests and styles.
fn relay_state(session: Session) -> Memo<&'static str> {
    let connections = session.part(|state| state.relays.iter().map(|r| r.connection.clone()).collect::<Vec<_>>());
    Memo::new(move |_| {
        let connections = connections.get().unwrap_or_default();
        let any = |wanted: fn(&RelayConnection) -> bool| connections.iter().any(wanted);
        if session.phase() != Phase::Running {
            "none"
        } else if any(|c| *c == RelayConnection::Ready) {
            "ready"
        } else if any(|c| matches!(c, RelayConnection::Waiting { .. })) {
            "waiting"
        } else {
            "connecting"
        }
    })
}

/// Whether WebSockets to the relay are blocked and plain requests carry the frames.
fn over_http(session: Session) -> Memo<bool> {
    let over_http = session.part(|state| state.relays.iter().any(|relay| relay.carrier == Carrier::Http));
    Memo::new(move |_| over_http.get() == Some(true))
}

#[component]
fn Relay() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let clock = use_clock();
    let state = relay_state(session);
    let retry_at = session.part(|state| {
        state.relays.iter().find_map(|relay| match relay.connection {
            RelayConnection::Waiting { retry_at, .. } => retry_at,
            _ => None,
        })
    });
    let over_http = over_http(session);
    let countdown = move || {
        let seconds = retry_at.get()??.0.saturating_sub(clock.time().0).div_ceil(1000);
        (seconds > 0).then(|| (i18n.texts().header.relay_retry)(&i18n.language().number(seconds)))
    };
    // Screen readers announce changes of the state, but not the countdown.
    let words = move || {
        let texts = &i18n.texts().header;
        match state.get() {
            "ready" if over_http.get() => texts.relay_ready_http,
            "ready" => texts.relay_ready,
            "waiting" => texts.relay_waiting,
            "connecting" => texts.relay_connecting,
            _ if matches!(session.phase(), Phase::Failed(_)) => texts.no_node,
            _ => texts.starting,
        }
    };
    let shown = move || match state.get() {
        "waiting" => countdown().unwrap_or_else(|| words().into()),
        _ => words().into(),
    };
    view! {
        <p class="relay" data-testid=ids::RELAY data-state=move || state.get() data-carrier=move || if over_http.get() { "http" } else { "websocket" }>
            <span class="dot" aria-hidden="true"></span>
            <span aria-hidden="true">{shown}</span>
            <span class="visually-hidden" role="status">{words}</span>
        </p>
    }
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let button = move |language: Language| {
        view! {
            <button
                type="button"
                class="language"
                lang=language.code()
                title=language.name()
                data-testid=ids::LANGUAGE
                aria-pressed=move || (i18n.language() == language).to_string()
                on:click=move |_| i18n.choose(language)
            >
                <span aria-hidden="true">{language.code().to_ascii_uppercase()}</span>
                <span class="visually-hidden">{language.name()}</span>
            </button>
        }
    };
    view! {
        <div class="languages" role="group" aria-label=i18n.text(|texts| texts.header.language)>
            {Language::ALL.map(button).collect_view()}
        </div>
    }
}
