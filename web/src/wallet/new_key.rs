use crate::i18n::I18n;
use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use crate::wallet::problem;
use fedcoin_keyring::KeyName;
use leptos::task::spawn_local;
use node_wasm::messages::{WalletCommand, WalletProblem};

/// Makes a key; notes why not, if so.
pub(crate) fn make(session: Session, trouble: AnySignal<Option<WalletProblem>>) {
    let Some(client) = session.client() else { return };
    spawn_local(async move {
        trouble.try_set(client.change_wallet(WalletCommand::New { name: KeyName::default() }).await.err());
    });
}

/// Why no key was made.
pub(crate) fn problem_words(trouble: AnySignal<Option<WalletProblem>>, i18n: I18n) -> Option<String> {
    trouble.get().map(|trouble| problem::words(&trouble, i18n.language()))
}
