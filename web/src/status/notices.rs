use crate::i18n::{I18n, Texts, use_i18n};
use crate::ids;
use crate::session::{Session, use_session};
use crate::status::relay_notice::{RelayNotice, minute_words};
use leptos::prelude::*;
use node_wasm::messages::{KeyStorage, MemoryReason, StorageKind, VerifierKind};

/// From so many minutes on a wrong clock is told of; blocks of 2 minutes ahead are refused.
const CLOCK_MINUTES: i64 = 1;

/// What limits the node and why: things a user can often change.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let sources = Sources::of(session);
    let told = Memo::new(move |_| sources.collect(session, i18n));
    let item = |text: String| view! { <li class="notice break" data-testid=ids::NOTICE>{text}</li> };
    view! {
        <RelayNotice />
        <Show when=move || !told.get().is_empty()>
            <ul class="notices" aria-label=move || i18n.texts().node.notices>
                {move || told.get().into_iter().map(item).collect_view()}
            </ul>
        </Show>
    }
}

/// What the notices are made of.
#[derive(Clone, Copy)]
struct Sources {
    memory: Memo<Option<Option<MemoryReason>>>,
    set_aside: Memo<Option<Option<(String, String)>>>,
    /// Minutes, rounded.
    clock_ahead: Memo<Option<Option<i64>>>,
    has_key: Memo<bool>,
}

impl Sources {
    fn of(session: Session) -> Self {
        Self {
            memory: session.part(|state| match &state.storage.kind {
                StorageKind::Memory(reason) => Some(reason.clone()),
                StorageKind::Opfs => None,
            }),
            set_aside: session.part(|state| state.storage.set_aside.clone()),
            clock_ahead: session
                .part(|state| state.clock_ahead_ms.map(|ms| ms.saturating_add(30_000 * ms.signum()) / 60_000)),
            has_key: session.has_key(),
        }
    }

    fn collect(self, session: Session, i18n: I18n) -> Vec<String> {
        let texts = i18n.texts();
        let mut told = Vec::new();
        let memory = self.memory.get().flatten();
        if let Some(minutes) = self.clock_ahead.get().flatten().filter(|minutes| minutes.abs() >= CLOCK_MINUTES) {
            told.push(clock(minutes, i18n));
        }
        if let Some(reason) = &memory {
            told.push(memory_words(reason, texts));
        }
        if let Some((name, why)) = self.set_aside.get().flatten() {
            told.push((texts.node.set_aside)(&name, &why));
        }
        if let Some(ready) = session.ready() {
            match ready.keys {
                KeyStorage::Memory(why) => told.push((texts.node.keys_in_memory)(&why)),
                KeyStorage::IndexedDb if self.has_key.get() && session.is_storage_lasting() == Some(false) => {
                    told.push(texts.operation.may_be_cleared.into());
                }
                KeyStorage::IndexedDb => {}
            }
            if ready.verifier == VerifierKind::Wasm {
                told.push(texts.node.slow_verifier.into());
            }
        }
        told
    }
}

fn clock(minutes: i64, i18n: I18n) -> String {
    let texts = &i18n.texts().operation;
    let words = if minutes > 0 { texts.clock_ahead } else { texts.clock_behind };
    words(&minute_words(minutes.unsigned_abs(), i18n))
}

fn memory_words(reason: &MemoryReason, texts: &Texts) -> String {
    let (node, operation) = (&texts.node, &texts.operation);
    match reason {
        MemoryReason::NotSecure => node.memory_not_secure.into(),
        MemoryReason::NotSupported => node.memory_not_supported.into(),
        MemoryReason::AllSlotsBusy(slots) => (node.memory_slots_busy)(&slots.to_string()),
        MemoryReason::Full => operation.memory_full.into(),
        MemoryReason::Failed(why) => (operation.memory_failed)(why),
        MemoryReason::Refused(why) => (node.memory_refused)(why),
    }
}
