use crate::news::use_news;
use crate::prefs;
use crate::session::use_session;
use crate::signals::memo::Memo;
use leptos::prelude::*;

/// The stored setting that the steps are over.
const REMEMBERED: &str = "fedcoin-first-minute";
const OVER: &str = "over";

/// One of the first steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Having a key.
    Key,
    /// Having mined a block.
    Mine,
    /// Having sent a payment.
    Pay,
}

/// The user's progress.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    /// Whether each step is done; `None` until that is known.
    done: Memo<Option<[bool; 3]>>,
    /// Whether the strip has disappeared for good.
    over: RwSignal<bool>,
}

impl Step {
    pub(super) const ALL: [Self; 3] = [Self::Key, Self::Mine, Self::Pay];

    /// Its name in the document.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Mine => "mine",
            Self::Pay => "pay",
        }
    }
}

impl Progress {
    /// Follows wallet and history. A user who has already done everything sees no strip; a user who does the last step sees
    /// that it is done.
    pub(super) fn new() -> Self {
        let (session, news) = (use_session(), use_news());
        let has_key = session.part(|state| !state.wallet.keys.is_empty());
        let done = Memo::new(move |_| match has_key.get()? {
            false => Some([false; 3]),
            true => news.reached().map(|reached| [true, reached.mined, reached.paid]),
        });
        let progress = Self { done, over: RwSignal::new(prefs::lasting(REMEMBERED).is_some()) };
        Effect::new(move |was_seen: Option<bool>| {
            let was_seen = was_seen.unwrap_or_default();
            let Some(done) = done.get() else { return was_seen };
            if done == [true; 3] {
                prefs::set_lasting(REMEMBERED, OVER);
                if !was_seen {
                    progress.over.set(true);
                }
            }
            true
        });
        progress
    }

    /// The user has dismissed the strip.
    pub(super) fn end(self) {
        prefs::set_lasting(REMEMBERED, OVER);
        self.over.set(true);
    }

    pub(super) fn is_shown(self) -> bool {
        !self.over.get() && self.done.get().is_some()
    }

    /// Number of steps done.
    pub(super) fn count(self) -> usize {
        self.done.get().unwrap_or_default().into_iter().filter(|done| *done).count()
    }

    /// `done`, `next` (the first that is not done) or `later`.
    pub(super) fn state(self, step: Step) -> &'static str {
        let done = self.done.get().unwrap_or_default();
        match done[step as usize] {
            true => "done",
            false if done[..step as usize].iter().all(|done| *done) => "next",
            false => "later",
        }
    }
}
