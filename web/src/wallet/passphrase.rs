use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::any_signal::AnySignal;
use crate::parts::memo::Memo;
use crate::parts::password_field::PasswordField;
use crate::session::{Session, use_session};
use crate::wallet::problem::{self, Problem};
use crate::wallet::relock::{Relock, RelockChoice};
use fedcoin_keyring::{Passphrase, Protection};
use leptos::prelude::*;
use node_wasm::messages::{WalletCommand, WalletProblem};

/// What is typed where a passphrase is chosen.
#[derive(Clone, Copy)]
pub(crate) struct NewPassphrase {
    first: RwSignal<String>,
    again: RwSignal<String>,
}

impl NewPassphrase {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self { first: RwSignal::new(String::new()), again: RwSignal::new(String::new()) }
    }

    /// The passphrase; the fields are emptied then.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn take(self) -> Result<Passphrase, Problem> {
        if self.first.with_untracked(|first| self.again.with_untracked(|again| first != again)) {
            return Err(Problem::PassphraseDiffers);
        }
        let chosen = Passphrase::choose(nfkc(&self.first.get_untracked())).map_err(Problem::Passphrase)?;
        self.first.set(String::new());
        self.again.set(String::new());
        Ok(chosen)
    }
}

/// Two fields in which a passphrase is chosen.
#[component]
pub(crate) fn NewPassphraseFields(fields: NewPassphrase) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PasswordField
            id="passphrase-new"
            label=Signal::derive(i18n.text(|texts| texts.purse.passphrase_new))
            text=fields.first
            testid=ids::PASSPHRASE_NEW
            new=true
        />
        <PasswordField
            id="passphrase-again"
            label=Signal::derive(i18n.text(|texts| texts.purse.passphrase_again))
            text=fields.again
            testid=ids::PASSPHRASE_AGAIN
            new=true
        />
    }
}

/// A passphrase that is asked for where the wallet is locked.
#[derive(Clone, Copy)]
pub(crate) struct AskedPassphrase {
    protection: Memo<Protection>,
    text: RwSignal<String>,
}

impl AskedPassphrase {
    /// Nothing typed yet.
    pub(crate) fn new(session: Session) -> Self {
        Self { protection: session.protection(), text: RwSignal::new(String::new()) }
    }

    /// What was typed, where it is needed; the field is emptied.
    pub(crate) fn take(self) -> Option<Passphrase> {
        let typed = self.text.get_untracked();
        self.text.set(String::new());
        (self.protection.get_untracked() == Protection::Locked).then(|| given(typed))
    }

    /// Whether nothing is typed where something is needed.
    pub(crate) fn is_missing(self) -> bool {
        self.protection.get() == Protection::Locked && self.text.with(String::is_empty)
    }
}

/// The field for it; there only while the wallet is locked.
#[component]
pub(crate) fn AskedPassphraseField(asked: AskedPassphrase) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || asked.protection.get() == Protection::Locked>
            <PasswordField
                id="passphrase"
                label=Signal::derive(i18n.text(|texts| texts.purse.passphrase))
                text=asked.text
                testid=ids::PASSPHRASE
            />
        </Show>
    }
}

/// Says whether a passphrase guards the keys, and lets the user lock, unlock and change that.
#[component]
pub(crate) fn LockBar() -> impl IntoView {
    let i18n = use_i18n();
    let protection = use_session().protection();
    let relock = expect_context::<Relock>();
    let state = move || match protection.get() {
        Protection::None => "none",
        Protection::Locked => "locked",
        Protection::Unlocked => "unlocked",
    };
    let words = move || match protection.get() {
        Protection::None => i18n.texts().purse.not_protected,
        Protection::Locked => i18n.texts().purse.locked,
        Protection::Unlocked if relock.minutes() == 0 => i18n.texts().purse.unlocked,
        Protection::Unlocked => i18n.texts().purse.unlocked_a_while,
    };
    view! {
        <div class="lock-bar" data-testid=ids::LOCK_STATE data-state=state>
            <p class="small">{words}</p>
            <Show when=move || protection.get() == Protection::Locked><UnlockForm /></Show>
            <Show when=move || protection.get() != Protection::None><RelockChoice /></Show>
            <div class="buttons">
                <super::passphrase_dialog::PassphraseDialog />
            </div>
        </div>
    }
}

#[component]
fn UnlockForm() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let text = RwSignal::new(String::new());
    let trouble = AnySignal::new(None::<WalletProblem>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(client) = session.client() else { return };
        let passphrase = given(text.get_untracked());
        text.set(String::new());
        trouble.set(None);
        leptos::task::spawn_local(async move {
            trouble.try_set(client.change_wallet(WalletCommand::Unlock { passphrase }).await.err());
        });
    };
    view! {
        <form class="unlock" on:submit=submit>
            <PasswordField
                id="unlock-passphrase"
                label=Signal::derive(i18n.text(|texts| texts.purse.passphrase))
                text
                testid=ids::UNLOCK_PASSPHRASE
            />
            <button type="submit" data-testid=ids::UNLOCK disabled=move || text.with(String::is_empty)>
                {i18n.text(|texts| texts.purse.unlock)}
            </button>
            <p class="field-error" role="alert" data-testid=ids::UNLOCK_PROBLEM>
                {move || trouble.get().map(|problem| problem::words(&problem, i18n.language()))}
            </p>
        </form>
    }
}

/// A passphrase that was chosen earlier, as it is typed now.
pub(crate) fn given(typed: String) -> Passphrase {
    let normal = nfkc(&typed);
    Passphrase::given(typed, normal)
}

/// The normal form that counts: the browser knows it.
fn nfkc(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKC").into()
}
