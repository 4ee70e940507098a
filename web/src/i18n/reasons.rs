//! Why a connection ended, a payment was dropped, a block was not stored; and which rule was broken.

use super::texts::{ReasonTexts, RuleTexts};
use super::{Language, short};
use fedcoin_node::SubmitError;
use fedcoin_node::consensus::BlockError;
use fedcoin_node::mempool::{DropReason, PoolError};
use fedcoin_node::wire::Goodbye;
use node_wasm::socket::CloseCause;

/// All reasons to say goodbye.
const GOODBYES: [Goodbye; 17] = [
    Goodbye::ShuttingDown,
    Goodbye::WrongNetwork,
    Goodbye::WrongVersion,
    Goodbye::SelfConnection,
    Goodbye::Duplicate,
    Goodbye::TooManyPeers,
    Goodbye::HandshakeTimeout,
    Goodbye::Unresponsive,
    Goodbye::Stalled,
    Goodbye::BadMessage,
    Goodbye::UnexpectedMessage,
    Goodbye::InvalidHeader,
    Goodbye::InvalidBlock,
    Goodbye::InvalidPayment,
    Goodbye::TooManyMessages,
    Goodbye::Banned,
    Goodbye::SlowReader,
];

/// How the node begins to tell a close code.
const CLOSED: &str = "closed with code ";

impl Language {
    /// Why a peer went or was left.
    pub(crate) fn goodbye(self, reason: Goodbye) -> String {
        goodbye(reason, &self.texts().reason).into()
    }

    /// Why a connection ended or could not be made, from what the node says of it.
    pub(crate) fn connection_reason(self, said: &str) -> String {
        let texts = &self.texts().reason;
        if let Some(reason) = GOODBYES.into_iter().find(|reason| reason.to_string() == said) {
            return goodbye(reason, texts).into();
        }
        let causes = [
            (CloseCause::DialTimeout, texts.dial_timeout),
            (CloseCause::Unreachable, texts.unreachable),
            (CloseCause::Ended, texts.ended),
            (CloseCause::Text, texts.text),
            (CloseCause::TooFast, texts.too_fast),
            (CloseCause::SlowReader, texts.slow_reader),
            (CloseCause::Renewed, texts.renewed),
        ];
        if let Some((_, words)) = causes.into_iter().find(|(cause, _)| cause.to_string() == said) {
            return words.into();
        }
        said.strip_prefix(CLOSED).map_or_else(|| said.into(), texts.closed)
    }

    /// Which rule a block broke.
    pub(crate) fn block_error(self, error: &BlockError) -> String {
        self.broken_rule(error.rule(), error)
    }

    /// Why a payment was not taken.
    pub(crate) fn pool_error(self, error: &PoolError) -> String {
        self.broken_rule(error.rule(), error)
    }

    /// Why a payment left without being mined.
    pub(crate) fn drop_reason(self, reason: &DropReason) -> String {
        let texts = &self.texts().reason;
        let id = |id: &fedcoin_node::primitives::TxId| short(&id.to_string());
        match reason {
            DropReason::Refused(error) => self.pool_error(error),
            DropReason::Expired => texts.expired.into(),
            DropReason::PushedOut => texts.pushed_out.into(),
            DropReason::Replaced { by } => (texts.replaced)(&id(by)),
            DropReason::Conflict { by } => (texts.conflict)(&id(by)),
            DropReason::ParentDropped { parent } => (texts.parent_dropped)(&id(parent)),
        }
    }

    /// Why a block was not stored.
    pub(crate) fn submit_error(self, error: &SubmitError) -> String {
        let texts = &self.texts().reason;
        match error {
            SubmitError::Invalid(error) => self.block_error(error),
            SubmitError::Orphan { .. } => texts.orphan.into(),
            SubmitError::OnInvalidBlock => texts.on_invalid_block.into(),
            SubmitError::TooManySideBranches => texts.too_many_side_chains.into(),
            SubmitError::Busy { max } => (texts.busy)(&self.number(*max as u64)),
            SubmitError::Known => texts.known.into(),
        }
    }

    /// Where the page has no words for a rule, the node's own.
    fn broken_rule(self, rule: &str, error: &dyn std::fmt::Display) -> String {
        let texts = &self.texts().rule;
        let what = rule_words(rule, texts).map_or_else(|| (texts.other)(&error.to_string()), str::to_owned);
        (texts.broken)(&what, rule)
    }
}

const fn goodbye(reason: Goodbye, texts: &ReasonTexts) -> &'static str {
    match reason {
        Goodbye::ShuttingDown => texts.shutting_down,
        Goodbye::WrongNetwork => texts.wrong_network,
        Goodbye::WrongVersion => texts.wrong_version,
        Goodbye::SelfConnection => texts.self_connection,
        Goodbye::Duplicate => texts.duplicate,
        Goodbye::TooManyPeers => texts.too_many_peers,
        Goodbye::HandshakeTimeout => texts.handshake_timeout,
        Goodbye::Unresponsive => texts.unresponsive,
        Goodbye::Stalled => texts.stalled,
        Goodbye::BadMessage => texts.bad_message,
        Goodbye::UnexpectedMessage => texts.unexpected_message,
        Goodbye::InvalidHeader => texts.invalid_header,
        Goodbye::InvalidBlock => texts.invalid_block,
        Goodbye::InvalidPayment => texts.invalid_payment,
        Goodbye::TooManyMessages => texts.too_many_messages,
        Goodbye::Banned => texts.banned,
        Goodbye::SlowReader => texts.slow_reader,
    }
}

/// What a block or payment that breaks the rule of this number does, if it is a rule that users meet.
fn rule_words(rule: &str, texts: &RuleTexts) -> Option<&'static str> {
    Some(match rule {
        "H3" => texts.h3,
        "H4" => texts.h4,
        "H5" => texts.h5,
        "H6" => texts.h6,
        "B1" => texts.b1,
        "B2" => texts.b2,
        "B3" => texts.b3,
        "B4" | "C1" => texts.coins,
        "B6" => texts.b6,
        "C2" => texts.c2,
        "C3" => texts.c3,
        "C4" => texts.c4,
        "T9" => texts.t9,
        "P1" => texts.p1,
        "P2" => texts.p2,
        "P3" | "P9" => texts.chained,
        "P4" | "P15" => texts.full,
        "P7" | "P8" => texts.fee,
        "P10" | "P11" => texts.replacement_fee,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn reasons_are_told_in_the_page_s_language() {
        let german = |said: &str| Language::German.connection_reason(said);
        let english = |said: &str| Language::English.connection_reason(said);
        for reason in GOODBYES {
            assert_eq!(german(&reason.to_string()), Language::German.goodbye(reason));
            assert_eq!(english(&reason.to_string()), Language::English.goodbye(reason));
        }
        assert_eq!(german(&CloseCause::Unreachable.to_string()), "dort antwortet niemand");
        let closed = CloseCause::Closed { code: 1006, reason: String::new() };
        assert_eq!(german(&closed.to_string()), "geschlossen mit Code 1006");
        assert_eq!(english(&closed.to_string()), closed.to_string());
        assert_eq!(german("something new"), "something new");
    }

    #[wasm_bindgen_test]
    fn a_rule_without_words_is_told_in_the_node_s() {
        let error = BlockError::CoinbaseHeight {
            got: fedcoin_node::units::Height(1),
            expected: fedcoin_node::units::Height(2),
        };
        let words = Language::German.block_error(&error);
        assert!(words.contains(&error.to_string()) && words.ends_with("(Regel B5)"), "{words}");
        assert_eq!(Language::English.pool_error(&PoolError::Known), "the payment is already waiting (rule P1)");
    }
}
