use crate::i18n::Language;
use node_wasm::messages::{MAX_KEYS, WalletProblem};

/// Why the wallet was not changed.
pub(crate) fn words(problem: &WalletProblem, language: Language) -> String {
    let texts = language.texts();
    match problem {
        WalletProblem::Key(why) => why.clone(),
        WalletProblem::Unknown => texts.wallet.problem_unknown.into(),
        WalletProblem::Full => (texts.wallet.problem_full)(&language.number(MAX_KEYS as u64)),
        WalletProblem::Storage(why) => (texts.wallet.problem_storage)(why),
        WalletProblem::NotRunning => texts.common.not_running.into(),
    }
}
