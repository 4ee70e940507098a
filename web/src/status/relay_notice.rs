use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::clock::{now, use_clock};
use crate::session::{Phase, use_session};
use crate::signals::memo::Memo;
use fedcoin_node::ConnectionError;
use fedcoin_node::units::Timestamp;
use leptos::prelude::*;
use node_wasm::messages::RelayConnection;

/// The notice that no relay is connected: since when, why, what happens next, and a button to try now.
#[component]
pub(crate) fn RelayNotice() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let clock = use_clock();
    let online = online();
    let away = session.part(|state| {
        let ready = state.relays.iter().any(|relay| relay.connection == RelayConnection::Ready);
        let waiting = state.relays.iter().find_map(|relay| match &relay.connection {
            RelayConnection::Waiting { error, retry_at } => Some((error.clone(), *retry_at)),
            _ => None,
        });
        (!ready && !state.relays.is_empty()).then_some(waiting)
    });
    let away = Memo::new(move |_| away.get().flatten().filter(|_| session.phase() == Phase::Running));
    // A new dial does not end the outage.
    let since = Memo::new(move |before: Option<&Option<Timestamp>>| {
        away.with(Option::is_some).then(|| before.copied().flatten().unwrap_or_else(now))
    });
    // Keep the reason during a new dial, so that the text does not flicker.
    let why = Memo::new(move |before: Option<&Option<ConnectionError>>| match away.get() {
        Some(Some((error, _))) => Some(error),
        _ => before.cloned().flatten(),
    });
    let shown = Memo::new(move |_| since.get().is_some() && why.with(Option::is_some));
    let words = move || {
        let since = since.get()?;
        if !online.get() {
            return Some(i18n.texts().operation.offline.to_owned());
        }
        let minutes = clock.time().0.saturating_sub(since.0) / 60_000;
        Some((i18n.texts().operation.relay_away)(
            &i18n.language().minutes(minutes),
            &i18n.language().connection_error(&why.get()?),
        ))
    };
    let next = move || {
        let texts = &i18n.texts().operation;
        match away.get().flatten().and_then(|(_, retry_at)| retry_at) {
            Some(at) if at > clock.time() => {
                let seconds = at.0.saturating_sub(clock.time().0).div_ceil(1000);
                (texts.retry_in)(&i18n.language().number(seconds))
            }
            _ => texts.retrying.into(),
        }
    };
    view! {
        <Show when=move || shown.get()>
            <div class="notice notice-away" data-testid=ids::NOTICE>
                <p class="break">{words}</p>
                <p class="notice-next">
                    <span class="number">{next}</span>
                    <button type="button" class="small" data-testid=ids::TRY_NOW on:click=move |_| session.reconnect()>
                        {i18n.text(|texts| texts.operation.try_now)}
                    </button>
                </p>
            </div>
        </Show>
    }
}

/// Whether the browser has a network connection.
fn online() -> RwSignal<bool> {
    let online = RwSignal::new(window().navigator().on_line());
    let listeners = [
        window_event_listener(leptos::ev::online, move |_| online.set(true)),
        window_event_listener(leptos::ev::offline, move |_| online.set(false)),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    online
}
