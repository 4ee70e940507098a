//! News about the user's money: a received payment, a mined block. They come from the history, so each is shown once,
//! whatever brought it.

mod chime;
pub(crate) mod digest;
pub(crate) mod sound_choice;
pub(crate) mod toasts;

use crate::news::digest::{Digest, Kind, Novelty, Reached};
use crate::parts::clock::{self, use_clock};
use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use chime::Chime;
use fedcoin_node::SyncStatus;
use fedcoin_node::units::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use toasts::Toast;

/// How long a toast stays, in milliseconds.
const SHOWN_MS: u64 = 8_000;

/// How long after a toast about a block the next ones are left out, in milliseconds. Otherwise a user who mines all blocks
/// of a network would always have a toast on the screen.
const QUIET_MS: u64 = 60_000;

/// The news and their toasts; a context of the whole page.
#[derive(Clone, Copy)]
pub(crate) struct News {
    digest: StoredValue<Digest>,
    reached: AnySignal<Option<Reached>>,
    /// One for each kind.
    toasts: AnySignal<[Option<Toast>; 2]>,
    /// The pointer or the focus is on a toast: all stay.
    held: RwSignal<bool>,
    /// Number of news since the tab was hidden.
    unseen: RwSignal<u32>,
    chime: Chime,
    /// Until this time, mined blocks make no toast.
    quiet_until: StoredValue<Timestamp>,
}

impl News {
    /// Follows the history of all keys; a context of the whole page.
    pub(crate) fn provide(session: Session) {
        let news = Self {
            digest: StoredValue::new(Digest::default()),
            reached: AnySignal::new(None),
            toasts: AnySignal::new([None, None]),
            held: RwSignal::new(false),
            unseen: RwSignal::new(0),
            chime: Chime::new(),
            quiet_until: StoredValue::new(Timestamp(0)),
        };
        provide_context(news);
        news.follow_balances(session);
        let clock = use_clock();
        Effect::new(move |_| news.expire(clock.time()));
        Effect::new(move |_| {
            if !session.circumstances().hidden {
                news.unseen.set(0);
            }
        });
    }

    /// Reads the history whenever a balance changes. A first payment to oneself may change none.
    fn follow_balances(self, session: Session) {
        let balances = session.part(move |state| {
            let synced = state.status.sync == SyncStatus::Synced;
            let paid = self.reached.with(|reached| reached.is_some_and(|reached| reached.paid));
            let moment = (!paid).then(|| state.moment());
            (state.wallet.keys.iter().map(|key| (key.address, key.balance)).collect::<Vec<_>>(), synced, moment)
        });
        Effect::new(move |_| {
            let Some((balances, synced, _)) = balances.get() else { return };
            let Some(client) = session.client() else { return };
            let own: Vec<_> = balances.into_iter().map(|(address, _)| address).collect();
            spawn_local(async move {
                let Ok(page) = client.address_history(own.clone(), None).await else { return };
                let news = self.digest.try_update_value(|digest| digest.take(own, page.entries, synced));
                self.reached.set(self.digest.with_value(|digest| Some(digest.reached())));
                news.into_iter().flatten().for_each(|novelty| self.tell(novelty));
            });
        });
    }

    fn tell(self, novelty: Novelty) {
        if document().hidden() {
            self.unseen.update(|unseen| *unseen += 1);
        }
        let (kind, now) = (novelty.kind, clock::now());
        let before = self.toasts.with_untracked(|toasts| toasts[kind as usize]);
        if kind == Kind::Mined {
            if before.is_none() && now < self.quiet_until.get_value() {
                return;
            }
            self.quiet_until.set_value(Timestamp(now.0 + QUIET_MS));
        }
        self.toasts.update(|toasts| toasts[kind as usize] = Some(Toast::of(novelty, until(), before)));
        self.chime.ring(kind);
    }

    /// Hides toasts whose time is over.
    fn expire(self, now: Timestamp) {
        let held = self.held.get_untracked();
        self.toasts.maybe_update(|toasts| {
            let mut gone = false;
            for toast in toasts.iter_mut() {
                match toast {
                    Some(shown) if held => shown.until = until(),
                    Some(shown) if shown.until <= now => (*toast, gone) = (None, true),
                    _ => {}
                }
            }
            gone
        });
    }

    fn dismiss(self, kind: Kind) {
        self.toasts.update(|toasts| toasts[kind as usize] = None);
        // What goes reports neither pointer nor focus any more.
        self.held.set(false);
    }

    /// What the user has done so far; `None` until the history is known.
    pub(crate) fn reached(self) -> Option<Reached> {
        self.reached.get()
    }

    /// The prefix of the page's title while the tab is hidden: the number of news.
    pub(crate) fn title_prefix(self) -> Memo<String> {
        Memo::new(move |_| match self.unseen.get() {
            0 => String::new(),
            n => format!("({n}) "),
        })
    }
}

fn until() -> Timestamp {
    Timestamp(clock::now().0 + SHOWN_MS)
}

pub(crate) fn use_news() -> News {
    expect_context()
}
