use crate::i18n::{I18n, Language, Texts, short, use_i18n};
use crate::ids;
use crate::network::Changed;
use crate::route::{View, use_route};
use crate::session::{Session, use_session};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::status::relay_notice::RelayNotice;
use fedcoin_node::units::Amount;
use leptos::prelude::*;
use node_wasm::messages::{Carrier, KeyStorage, MemoryReason, RelayConnection, RelayState, StorageKind, VerifierKind};

/// A limitation of the node and its reason, often one that the user can change.
#[derive(Clone, Debug, PartialEq)]
enum Notice {
    /// The clock is ahead by this many minutes, or behind if negative.
    Clock(i64),
    /// The chain is kept in memory.
    Memory(MemoryReason),
    /// A chain file could not be used: its current name, and the reason.
    SetAside(String, String),
    /// The tab has another slot than before; its data is in the old one.
    Moved(u32),
    /// Keys are kept in memory, for this reason.
    KeysInMemory(String),
    /// The relay serves other rules under the same name.
    OtherRules(Changed),
    /// So many stored keys cannot be read.
    UnreadableKeys(u32),
    /// The browser may delete keys of which there is no copy. The wallet's reminder says so too, of keys that hold money.
    MayBeCleared,
    /// Signatures are checked without WebCrypto.
    SlowVerifier,
    /// WebSockets to the relay are blocked.
    OverHttp,
}

/// Notices of all views. Each stays until it no longer applies, or until the user dismisses it.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let sources = Sources::of(session);
    // Forget dismissed notices that no longer apply, so that they appear again when they do.
    let noted = AnySignal::new(Vec::new());
    let shown = Memo::new(move |_| {
        let mut shown = sources.collect(session);
        shown.retain(|notice| noted.with(|noted| !noted.contains(notice)));
        shown
    });
    let item = move |notice: Notice| {
        let words = {
            let notice = notice.clone();
            move || words(&notice, i18n)
        };
        let note = move |_| {
            if matches!(notice, Notice::OtherRules(_)) {
                session.accept_rules();
            }
            let holds = sources.collect(session);
            noted.update(|noted| {
                noted.retain(|noted| holds.contains(noted));
                noted.push(notice.clone());
            });
        };
        view! {
            <li class="notice notice-next" data-testid=ids::NOTICE>
                <p class="break">{words}</p>
                <button type="button" class="small" data-testid=ids::NOTICE_DISMISS on:click=note>
                    {i18n.text(|texts| texts.chain.dismiss)}
                </button>
            </li>
        }
    };
    view! {
        <RelayNotice />
        <div role="status">
            <Show when=move || !shown.get().is_empty()>
                <ul class="notices" aria-label=i18n.text(|texts| texts.node.notices)>
                    {move || shown.get().into_iter().map(item).collect_view()}
                </ul>
            </Show>
        </div>
    }
}

/// The inputs of the notices.
#[derive(Clone, Copy)]
struct Sources {
    memory: Memo<Option<Option<MemoryReason>>>,
    set_aside: Memo<Option<Option<(String, String)>>>,
    /// Minutes, rounded, if the clocks differ.
    clock_ahead: Memo<Option<Option<i64>>>,
    has_only_copy: Memo<Option<bool>>,
    /// The balance that the wallet's reminder is about.
    at_risk: Memo<Option<Amount>>,
    over_http: Memo<Option<bool>>,
    view: Memo<View>,
}

impl Sources {
    fn of(session: Session) -> Self {
        Self {
            memory: session.part(|state| match &state.storage.kind {
                StorageKind::Memory(reason) => Some(reason.clone()),
                StorageKind::Opfs => None,
            }),
            set_aside: session.part(|state| state.storage.set_aside.clone()),
            clock_ahead: session.part(|state| {
                let clock = state.status.clock.filter(|clock| clock.differs())?;
                Some(clock.ahead_ms.saturating_add(30_000 * clock.ahead_ms.signum()) / 60_000)
            }),
            has_only_copy: session.part(|state| state.wallet.keys.iter().any(|key| !key.backed_up)),
            at_risk: session.at_risk(),
            over_http: session.part(|state| {
                let ready = |relay: &RelayState| relay.connection == RelayConnection::Ready;
                state.relays.iter().any(|relay| ready(relay) && relay.carrier == Carrier::Http)
            }),
            view: use_route().view(),
        }
    }

    fn collect(self, session: Session) -> Vec<Notice> {
        let ready = session.ready();
        let keys = match ready.as_ref().map(|ready| &ready.keys) {
            Some(KeyStorage::Memory(why)) => Some(Notice::KeysInMemory(why.clone())),
            _ => (self.has_only_copy.get() == Some(true) && session.may_be_cleared() && !self.is_reminded())
                .then_some(Notice::MayBeCleared),
        };
        let unreadable = ready.as_ref().map(|ready| ready.unreadable_keys).filter(|keys| *keys > 0);
        let slow = ready.is_some_and(|ready| ready.verifier == VerifierKind::Reference);
        let clock = self.clock_ahead.get().flatten();
        let all = [
            clock.map(Notice::Clock),
            self.memory.get().flatten().map(Notice::Memory),
            self.set_aside.get().flatten().map(|(name, why)| Notice::SetAside(name, why)),
            session.moved_from().map(Notice::Moved),
            session.changed_rules().map(Notice::OtherRules),
            keys,
            unreadable.map(Notice::UnreadableKeys),
            slow.then_some(Notice::SlowVerifier),
            (self.over_http.get() == Some(true)).then_some(Notice::OverHttp),
        ];
        all.into_iter().flatten().collect()
    }

    /// Whether the view has the backup reminder.
    fn is_reminded(self) -> bool {
        self.view.get() == View::Wallet && self.at_risk.get().is_some_and(|amount| amount > Amount::ZERO)
    }
}

fn words(notice: &Notice, i18n: I18n) -> String {
    let texts = i18n.texts();
    match notice {
        Notice::Clock(minutes) => clock(*minutes, i18n.language()),
        Notice::Memory(reason) => memory_words(reason, texts),
        Notice::SetAside(name, why) => (texts.node.set_aside)(name, why),
        Notice::Moved(slot) => (texts.operation.moved)(&slot.to_string()),
        Notice::KeysInMemory(why) => (texts.node.keys_in_memory)(why),
        Notice::OtherRules(Changed { name, before, now }) => {
            (texts.safety.other_rules)(name, &short(before), &short(now))
        }
        Notice::UnreadableKeys(keys) => (texts.safety.unreadable_keys)(&i18n.language().number((*keys).into())),
        Notice::MayBeCleared => texts.operation.may_be_cleared.into(),
        Notice::SlowVerifier => texts.node.slow_verifier.into(),
        Notice::OverHttp => texts.operation.over_http.into(),
    }
}

/// The notice that this device's clock is ahead by this many minutes, or behind if negative.
pub(crate) fn clock(minutes: i64, language: Language) -> String {
    let texts = &language.texts().operation;
    let words = if minutes > 0 { texts.clock_ahead } else { texts.clock_behind };
    words(&language.minutes(minutes.unsigned_abs()))
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
