use crate::environment;
use crate::i18n::use_i18n;
use crate::ids;
use crate::signals::any_signal::AnySignal;
use crate::wallet::problem::Problem;
use fedcoin_keyring::{WordList, private_key};
use fedcoin_node::primitives::PrivateKey;
use leptos::prelude::*;
use leptos::task::spawn_local;
use zeroize::Zeroizing;

/// The list of words beside the page. Few users need it, so the page does not carry it.
const LIST: &str = "words_english.txt";
/// How long to wait for it, in milliseconds.
const PATIENCE_MS: u32 = 10_000;

/// The key that words stand for.
///
/// # Errors
/// [`Problem::Words`] or [`Problem::NoWordList`].
pub(crate) async fn key_of(words: &str) -> Result<PrivateKey, Problem> {
    with_list(|list| list.private_key(words).map_err(Problem::Words)).await
}

async fn with_list<T>(using: impl FnOnce(&WordList<'_>) -> Result<T, Problem>) -> Result<T, Problem> {
    let text = environment::fetch_text(LIST, PATIENCE_MS).await.map_err(|_| Problem::NoWordList)?;
    using(&WordList::read(&text).ok_or(Problem::NoWordList)?)
}

/// Shows a key as words to write down, when the user asks for them.
#[component]
pub(crate) fn RecoveryWords(
    /// The key in hex.
    key: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shown = AnySignal::new(None::<Result<Zeroizing<String>, Problem>>);
    let show = move |_| {
        // What the node's worker exported is a key.
        let Ok(key) = private_key(&key.get_untracked()) else { return };
        spawn_local(async move { shown.try_set(Some(with_list(|list| Ok(list.words(&key))).await)) });
    };
    let word = |word: &str| view! { <li>{word.to_owned()}</li> };
    let words = move || match shown.get() {
        None => view! {
            <button type="button" class="small" data-testid=ids::KEY_WORDS_SHOW on:click=show>
                {i18n.text(|texts| texts.recovery.show)}
            </button>
        }
        .into_any(),
        Some(Ok(words)) => view! {
            <p class="muted small">{i18n.text(|texts| texts.recovery.limits)}</p>
            <ol class="recovery-words" translate="no" data-testid=ids::KEY_WORDS>
                {words.split(' ').map(word).collect_view()}
            </ol>
        }
        .into_any(),
        Some(Err(problem)) => view! { <p class="field-error">{problem.words(i18n.language())}</p> }.into_any(),
    };
    view! { <div class="field">{words}</div> }
}
