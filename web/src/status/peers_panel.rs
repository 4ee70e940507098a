use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::session::use_session;
use crate::signals::memo::Memo;
use fedcoin_node::PeerInfo;
use leptos::prelude::*;
use node_wasm::messages::{RelayConnection, RelayState};

/// The node's peers.
#[component]
pub(crate) fn PeersPanel() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let peers = session.part(|state| state.status.peers.clone());
    let relays = session.part(|state| {
        state.relays.iter().filter(|relay| relay.connection != RelayConnection::Ready).cloned().collect::<Vec<_>>()
    });
    let none = move || peers.get().is_none_or(|peers| peers.is_empty());
    let away = Memo::new(move |_| relays.get().unwrap_or_default());
    view! {
        <section class="panel" aria-labelledby="peers-title">
            <h2 id="peers-title">{i18n.text(|texts| texts.peers.title)}</h2>
            <Show when=none>
                <p class="muted">{i18n.text(|texts| texts.peers.none)}</p>
            </Show>
            <ul class="rows" data-testid=ids::PEERS>
                {move || peers.get().unwrap_or_default().into_iter().map(|peer| view! { <Peer peer /> }).collect_view()}
                {move || away.get().into_iter().map(|relay| view! { <AwayRelay relay /> }).collect_view()}
            </ul>
            <Show when=move || !away.get().is_empty()>
                <button type="button" class="small" data-testid=ids::RECONNECT on:click=move |_| session.reconnect()>
                    {i18n.text(|texts| texts.peers.reconnect)}
                </button>
            </Show>
        </section>
    }
}

#[component]
fn Peer(peer: PeerInfo) -> impl IntoView {
    let i18n = use_i18n();
    let height = move || format!("{} {}", i18n.texts().peers.height, i18n.language().number(peer.height.0.into()));
    let ping = move || {
        let ping = peer.ping_ms?;
        Some(format!(", {} {} ms", i18n.texts().peers.round_trip, i18n.language().number(ping.into())))
    };
    view! {
        <li class="row">
            <span class="break">
                <code translate="no">{peer.address.to_string()}</code>
                <span class="muted small">" " {peer.user_agent}</span>
            </span>
            <span class="row-end muted small number">{height} {ping}</span>
        </li>
    }
}

/// A relay that is not connected.
#[component]
fn AwayRelay(relay: RelayState) -> impl IntoView {
    let i18n = use_i18n();
    let connection = relay.connection;
    view! {
        <li class="row">
            <code translate="no" class="break">{relay.address.to_string()}</code>
            <span class="row-end chip chip-side">{move || connection_words(&connection, i18n.texts())}</span>
        </li>
    }
}

const fn connection_words(connection: &RelayConnection, texts: &Texts) -> &'static str {
    match connection {
        RelayConnection::Idle => texts.peers.idle,
        RelayConnection::Connecting => texts.peers.connecting,
        RelayConnection::Ready => texts.peers.ready,
        RelayConnection::Waiting { .. } => texts.peers.waiting,
    }
}
