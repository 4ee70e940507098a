use crate::i18n::{I18n, short};
use crate::session::Session;
use crate::signals::any_signal::AnySignal;
use crate::signals::memo::Memo;
use crate::wallet::problem;
use fedcoin_keyring::KeyName;
use leptos::task::spawn_local;
use node_wasm::messages::{KeyState, WalletCommand, WalletProblem};

/// What became of the wish for a key, if there was one.
pub(crate) type Outcome = AnySignal<Option<Result<(), WalletProblem>>>;

/// Makes a key.
pub(crate) fn make(session: Session, outcome: Outcome) {
    let Some(client) = session.client() else { return };
    spawn_local(async move {
        outcome.try_set(Some(client.change_wallet(WalletCommand::New { name: KeyName::default() }).await));
    });
}

/// Why no key was made.
pub(crate) fn problem_words(outcome: Outcome, i18n: I18n) -> Option<String> {
    outcome.get()?.err().map(|problem| problem::words(&problem, i18n.language()))
}

/// Which key was made, and which is still in use.
pub(crate) fn made_words(
    outcome: Outcome,
    keys: Memo<Vec<KeyState>>,
    in_use: Memo<Option<KeyState>>,
    i18n: I18n,
) -> Option<String> {
    outcome.get()?.ok()?;
    let (keys, in_use) = (keys.get(), in_use.get()?.address);
    let made = keys.last().filter(|made| made.address != in_use)?.address;
    let [made, in_use] = [made, in_use].map(|address| short(&address.to_string()));
    Some((i18n.texts().keys.made)(&made, &in_use))
}
