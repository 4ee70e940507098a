use crate::i18n::use_i18n;
use crate::ids;
use crate::session::{Session, use_session};
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use leptos::prelude::*;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// A message between tabs of one browser and network: a text of a word and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// Which slots have keys?
    Who,
    /// The number of keys in the sender's slot.
    Has { slot: u32, keys: u32 },
    /// The tab with this slot shall release it.
    Give { slot: u32 },
}

impl Word {
    fn text(self) -> String {
        match self {
            Self::Who => "who".into(),
            Self::Has { slot, keys } => format!("has {slot} {keys}"),
            Self::Give { slot } => format!("give {slot}"),
        }
    }

    /// `None` for an unknown message, as of another version of the page.
    fn of(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let word = parts.next()?;
        let mut number = || parts.next()?.parse().ok();
        match word {
            "who" => Some(Self::Who),
            "has" => Some(Self::Has { slot: number()?, keys: number()? }),
            "give" => Some(Self::Give { slot: number()? }),
            _ => None,
        }
    }
}

/// This tab's slot and those of the others.
#[derive(Clone, Copy)]
struct OtherTabs {
    /// This tab's slot and its number of keys.
    own: Memo<Option<(u32, u32)>>,
    /// The number of keys in each slot that another tab has named.
    slots: AnySignal<BTreeMap<u32, u32>>,
    /// Absent if the browser has none: then each tab is alone.
    channel: StoredValue<Option<BroadcastChannel>, LocalStorage>,
}

impl OtherTabs {
    /// Exchanges messages with the other tabs while the page is open.
    fn new(session: Session) -> Self {
        let keys = session.part(|state| state.wallet.keys.len() as u32);
        let own = Memo::new(move |_| Some((session.ready()?.slot, keys.get()?)));
        let tabs = Self { own, slots: AnySignal::new(BTreeMap::new()), channel: StoredValue::new_local(None) };
        let network = Memo::new(move |_| session.params().map(|params| params.network_id().to_string()));
        Effect::new(move |_| {
            let Some(channel) = network.get().and_then(|id| BroadcastChannel::new(&format!("fedcoin-tabs-{id}")).ok())
            else {
                return;
            };
            let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(word) = event.data().as_string().as_deref().and_then(Word::of) {
                    tabs.hear(word, session);
                }
            });
            channel.set_onmessage(Some(listener.into_js_value().unchecked_ref()));
            tabs.channel.set_value(Some(channel));
            tabs.say(Word::Who);
        });
        Effect::new(move |_| {
            own.get();
            tabs.tell();
        });
        tabs
    }

    fn hear(self, word: Word, session: Session) {
        match word {
            Word::Who => self.tell(),
            Word::Has { slot, keys } => self.set(slot, keys),
            Word::Give { slot } if self.own_now().is_some_and(|(own, _)| own == slot) => session.hand_over(),
            Word::Give { .. } => {}
        }
    }

    fn set(self, slot: u32, keys: u32) {
        self.slots.update(|slots| {
            slots.insert(slot, keys);
        });
    }

    fn own_now(self) -> Option<(u32, u32)> {
        self.own.get_untracked()
    }

    fn tell(self) {
        if let Some((slot, keys)) = self.own_now() {
            self.say(Word::Has { slot, keys });
        }
    }

    fn say(self, word: Word) {
        // Fails only for a closed channel.
        let _ = self
            .channel
            .with_value(|channel| channel.as_ref().map(|channel| channel.post_message(&word.text().into())));
    }
}

/// In a tab without a key: another tab has keys, and what can be done.
#[component]
pub(crate) fn OtherTab() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let tabs = OtherTabs::new(session);
    let dismissed = RwSignal::new(false);
    let other = Memo::new(move |_| {
        let (slot, _) = tabs.own.get().filter(|(_, keys)| *keys == 0 && !dismissed.get())?;
        tabs.slots
            .with(|slots| slots.iter().map(|(slot, keys)| (*slot, *keys)).find(|(s, keys)| *s != slot && *keys > 0))
    });
    let words = move || {
        let (slot, keys) = other.get()?;
        let language = i18n.language();
        let keys = language.plural(language.texts().minute.keys, keys.into());
        Some((language.texts().minute.other_tab)(&language.number(slot.into()), &keys))
    };
    let take = move |_| {
        if let Some((slot, _)) = other.get_untracked() {
            tabs.say(Word::Give { slot });
            tabs.set(slot, 0);
            session.take_over(slot);
        }
    };
    view! {
        <div role="status">
            <Show when=move || other.get().is_some()>
                <div class="notice notice-next" data-testid=ids::OTHER_TAB>
                    <p>{words}</p>
                    <button type="button" class="small" data-testid=ids::OTHER_TAB_TAKE on:click=take>
                        {i18n.text(|texts| texts.minute.take_wallet)}
                    </button>
                    <button type="button" class="small" on:click=move |_| dismissed.set(true)>
                        {i18n.text(|texts| texts.chain.dismiss)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn words_are_written_and_read() {
        for word in [Word::Who, Word::Has { slot: 3, keys: 2 }, Word::Give { slot: 0 }] {
            assert_eq!(Word::of(&word.text()), Some(word));
        }
        for odd in ["", "has", "has 1", "has 1 x", "give", "give -1", "what 1"] {
            assert_eq!(Word::of(odd), None, "{odd}");
        }
    }
}
