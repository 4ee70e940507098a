use crate::i18n::use_i18n;
use crate::ids;
use crate::parts::password_field::PasswordField;
use crate::parts::secret;
use crate::session::Session;
use crate::signals::memo::Memo;
use crate::wallet::problem::Problem;
use fedcoin_keyring::{Passphrase, Protection};
use leptos::prelude::*;

/// The fields in which a passphrase is chosen.
#[derive(Clone, Copy)]
pub(crate) struct NewPassphrase {
    first: RwSignal<String>,
    again: RwSignal<String>,
}

impl NewPassphrase {
    pub(crate) fn new() -> Self {
        Self { first: RwSignal::new(String::new()), again: RwSignal::new(String::new()) }
    }

    /// The passphrase; clears the fields.
    ///
    /// # Errors
    /// Why it is not acceptable.
    pub(crate) fn take(self) -> Result<Passphrase, Problem> {
        if self.first.with_untracked(|first| self.again.with_untracked(|again| first != again)) {
            return Err(Problem::PassphraseDiffers);
        }
        let chosen = self.first.with_untracked(|first| Passphrase::choose(nfkc(first))).map_err(Problem::Passphrase)?;
        secret::clear(self.first);
        secret::clear(self.again);
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
            label=Signal::derive(i18n.text(|texts| texts.passphrase.new))
            text=fields.first
            testid=ids::PASSPHRASE_NEW
            new=true
        />
        <PasswordField
            id="passphrase-again"
            label=Signal::derive(i18n.text(|texts| texts.passphrase.again))
            text=fields.again
            testid=ids::PASSPHRASE_AGAIN
            new=true
        />
    }
}

/// A passphrase that a locked wallet requires.
#[derive(Clone, Copy)]
pub(crate) struct RequiredPassphrase {
    protection: Memo<Protection>,
    text: RwSignal<String>,
}

impl RequiredPassphrase {
    pub(crate) fn new(session: Session) -> Self {
        Self { protection: session.protection(), text: RwSignal::new(String::new()) }
    }

    /// The typed passphrase, if required; clears the field.
    pub(crate) fn take(self) -> Option<Passphrase> {
        let typed = given(secret::take(self.text));
        (self.protection.get_untracked() == Protection::Locked).then_some(typed)
    }

    /// Whether a passphrase is required and nothing is typed.
    pub(crate) fn is_missing(self) -> bool {
        self.protection.get() == Protection::Locked && self.text.with(String::is_empty)
    }
}

/// The field for it; present only while the wallet is locked.
#[component]
pub(crate) fn RequiredPassphraseField(required: RequiredPassphrase) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || required.protection.get() == Protection::Locked>
            <PasswordField
                id="passphrase"
                label=Signal::derive(i18n.text(|texts| texts.passphrase.label))
                text=required.text
                testid=ids::PASSPHRASE
            />
        </Show>
    }
}

/// A passphrase chosen earlier, as it is typed now.
pub(crate) fn given(typed: String) -> Passphrase {
    let normal = nfkc(&typed);
    Passphrase::given(typed, normal)
}

/// The normal form NFKC, by the browser.
fn nfkc(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKC").into()
}
