//! A wallet with a passphrase locks itself when nobody has used the page for a while.

use crate::i18n::use_i18n;
use crate::parts::clock::use_clock;
use crate::session::{Session, use_session};
use crate::signals::any_signal::AnySignal;
use crate::{ids, prefs};
use fedcoin_keyring::Protection;
use fedcoin_node::units::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use node_wasm::messages::WalletCommand;

/// Key of the choice, for all tabs.
const REMEMBERED: &str = "fedcoin-lock-after";
/// The choices in minutes; 0 means never.
const CHOICES: [u32; 6] = [1, 5, 10, 30, 60, 0];
/// The default in minutes.
const DEFAULT_MINUTES: u32 = 10;

/// Number of minutes without input after which the wallet locks itself, 0 for never; a context of the wallet.
#[derive(Clone, Copy)]
pub(crate) struct Relock(AnySignal<u32>);

impl Relock {
    /// Loads the remembered choice, and watches over the wallet.
    pub(crate) fn provide(session: Session) {
        let remembered = prefs::lasting(REMEMBERED).and_then(|text| text.parse().ok());
        let minutes = remembered.filter(|minutes| CHOICES.contains(minutes)).unwrap_or(DEFAULT_MINUTES);
        let relock = Self(AnySignal::new(minutes));
        provide_context(relock);
        let used = StoredValue::new(None::<Timestamp>);
        let note = move || used.set_value(None);
        let listeners = [
            window_event_listener(leptos::ev::pointerdown, move |_| note()),
            window_event_listener(leptos::ev::wheel, move |_| note()),
            window_event_listener(leptos::ev::keydown, move |_| note()),
        ];
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
        let (clock, protection) = (use_clock(), session.protection());
        Effect::new(move |_| {
            let (now, unlocked) = (clock.time(), protection.get() == Protection::Unlocked);
            let since = used.get_value().filter(|since| unlocked && *since <= now).unwrap_or(now);
            used.set_value(Some(since));
            if unlocked && is_over(now, since, relock.0.get()) {
                used.set_value(None);
                lock(session);
            }
        });
    }

    /// The minutes; 0 means never.
    pub(crate) fn minutes(self) -> u32 {
        self.0.get()
    }
}

/// Whether nobody has used the page for this many minutes.
const fn is_over(now: Timestamp, used: Timestamp, minutes: u32) -> bool {
    minutes > 0 && now.0.saturating_sub(used.0) >= minutes as u64 * 60_000
}

/// Makes the node's worker forget the private keys until the wallet is unlocked.
pub(crate) fn lock(session: Session) {
    let Some(client) = session.client() else { return };
    // Locking fails only if no node is running, which is shown elsewhere.
    spawn_local(async move { drop(client.change_wallet(WalletCommand::Lock).await) });
}

/// Locks the wallet now.
#[component]
pub(crate) fn LockButton() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <button type="button" data-testid=ids::LOCK on:click=move |_| lock(session)>
            {i18n.text(|texts| texts.passphrase.lock)}
        </button>
    }
}

/// Chooses when the wallet locks itself.
#[component]
pub(crate) fn RelockChoice() -> impl IntoView {
    let i18n = use_i18n();
    let Relock(minutes) = expect_context();
    let choose = move |event: leptos::ev::Event| {
        let Ok(chosen) = event_target_value(&event).parse::<u32>() else { return };
        prefs::set_lasting(REMEMBERED, &chosen.to_string());
        minutes.set(chosen);
    };
    let option = move |choice: u32| {
        let words = move || match choice {
            0 => i18n.texts().passphrase.lock_never.into(),
            minutes => i18n.language().minutes(minutes.into()),
        };
        view! {
            <option value=choice.to_string() prop:selected=move || minutes.get() == choice>{words}</option>
        }
    };
    view! {
        <div class="field">
            <label for="lock-after">{i18n.text(|texts| texts.passphrase.lock_after)}</label>
            <select id="lock-after" data-testid=ids::LOCK_AFTER on:change=choose>
                {CHOICES.map(option).collect_view()}
            </select>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_wallet_is_locked_after_minutes_without_use() {
        let used = Timestamp(1_000_000);
        let over = |ms, minutes| is_over(Timestamp(1_000_000 + ms), used, minutes);
        assert!(!over(599_999, 10) && over(600_000, 10) && over(60_000, 1));
        assert!(!over(u64::MAX - 1_000_000, 0), "never");
        assert!(!is_over(Timestamp(0), used, 10), "a clock set back");
        assert!(CHOICES.contains(&DEFAULT_MINUTES));
    }
}
