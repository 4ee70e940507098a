use crate::i18n::{NodeTexts, use_i18n};
use crate::ids;
use crate::session::use_session;
use leptos::prelude::*;
use node_wasm::messages::{
    KeyStorage, MemoryReason, Ready, RelayConnection, RelayState, StorageKind, StorageState, VerifierKind,
};

/// What limits the node and why: things a user can often change.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let relays = session.part(|state| state.relays.clone());
    let storage = session.part(|state| state.storage.clone());
    let told = Memo::new(move |_| {
        let ready = session.ready();
        let storage = storage.get().or_else(|| ready.as_ref().map(|ready| ready.storage.clone()));
        let mut told = of_relays(&relays.get().unwrap_or_default(), &i18n.texts().node);
        told.extend(storage.into_iter().flat_map(|storage| of_storage(storage, &i18n.texts().node)));
        told.extend(ready.into_iter().flat_map(|ready| of_start(ready, &i18n.texts().node)));
        told
    });
    let item = |text: String| view! { <li class="notice break" data-testid=ids::NOTICE>{text}</li> };
    view! {
        <Show when=move || !told.get().is_empty()>
            <ul class="notices" aria-label=move || i18n.texts().node.notices>
                {move || told.get().into_iter().map(item).collect_view()}
            </ul>
        </Show>
    }
}

fn of_relays(relays: &[RelayState], texts: &NodeTexts) -> Vec<String> {
    let error = |relay: &RelayState| match &relay.connection {
        RelayConnection::Waiting { error, .. } if !error.is_empty() => Some((texts.relay_gone)(error)),
        _ => None,
    };
    relays.iter().filter_map(error).collect()
}

fn of_storage(storage: StorageState, texts: &NodeTexts) -> Vec<String> {
    let in_memory = match &storage.kind {
        StorageKind::Memory(reason) => Some(memory(reason, texts)),
        StorageKind::Opfs => None,
    };
    let set_aside = storage.set_aside.map(|(name, why)| (texts.set_aside)(&name, &why));
    in_memory.into_iter().chain(set_aside).collect()
}

fn of_start(ready: Ready, texts: &NodeTexts) -> Vec<String> {
    let keys = match ready.keys {
        KeyStorage::Memory(why) => Some((texts.keys_in_memory)(&why)),
        KeyStorage::IndexedDb => None,
    };
    let verifier = (ready.verifier == VerifierKind::Wasm).then(|| texts.slow_verifier.into());
    keys.into_iter().chain(verifier).collect()
}

fn memory(reason: &MemoryReason, texts: &NodeTexts) -> String {
    match reason {
        MemoryReason::NotSecure => texts.memory_not_secure.into(),
        MemoryReason::NotSupported => texts.memory_not_supported.into(),
        MemoryReason::AllSlotsBusy(slots) => (texts.memory_slots_busy)(&slots.to_string()),
        MemoryReason::Refused(why) => (texts.memory_refused)(why),
    }
}
