use crate::i18n::{Texts, use_i18n};
use crate::ids;
use crate::session::{Session, use_session};
use leptos::prelude::*;
use node_wasm::messages::{KeyStorage, MemoryReason, RelayConnection, StorageKind, VerifierKind};

/// What limits the node and why: things a user can often change.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let told = Memo::new(move |_| collect(session, i18n.texts()));
    let item = |text: String| view! { <li class="notice break" data-testid=ids::NOTICE>{text}</li> };
    view! {
        <Show when=move || !told.get().is_empty()>
            <ul class="notices" aria-label=move || i18n.texts().node.notices>
                {move || told.get().into_iter().map(item).collect_view()}
            </ul>
        </Show>
    }
}

fn collect(session: Session, texts: &Texts) -> Vec<String> {
    let texts = &texts.node;
    let relays = session.part(|state| state.relays.clone());
    let storage = session.part(|state| state.storage.clone());
    let mut told = Vec::new();
    for relay in relays.get().unwrap_or_default() {
        if let RelayConnection::Waiting { error, .. } = relay.connection
            && !error.is_empty()
        {
            told.push((texts.relay_gone)(&error));
        }
    }
    let ready = session.ready();
    let storage = storage.get().or_else(|| ready.as_ref().map(|ready| ready.storage.clone()));
    if let Some(storage) = storage {
        if let StorageKind::Memory(reason) = storage.kind {
            told.push(memory(&reason, texts));
        }
        if let Some((name, why)) = storage.set_aside {
            told.push((texts.set_aside)(&name, &why));
        }
    }
    if let Some(ready) = ready {
        if let KeyStorage::Memory(why) = ready.keys {
            told.push((texts.keys_in_memory)(&why));
        }
        if ready.verifier == VerifierKind::Wasm {
            told.push(texts.slow_verifier.into());
        }
    }
    told
}

fn memory(reason: &MemoryReason, texts: &crate::i18n::NodeTexts) -> String {
    match reason {
        MemoryReason::NotSecure => texts.memory_not_secure.into(),
        MemoryReason::NotSupported => texts.memory_not_supported.into(),
        MemoryReason::AllSlotsBusy(slots) => (texts.memory_slots_busy)(&slots.to_string()),
        MemoryReason::Refused(why) => (texts.memory_refused)(why),
    }
}
