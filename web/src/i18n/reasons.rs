//! Why a connection ended, a payment was dropped, a block was not stored; and which rule was broken.

use super::texts::{ReasonTexts, RuleTexts};
use super::{Language, short};
use fedcoin_node::consensus::BlockError;
use fedcoin_node::mempool::{DropReason, PoolError};
use fedcoin_node::wire::Goodbye;
use fedcoin_node::{ConnectionError, SubmitError};

impl Language {
    /// Why a peer went or was left.
    pub(crate) fn goodbye(self, reason: Goodbye) -> String {
        goodbye(reason, &self.texts().reason).into()
    }

    /// Why a connection ended or could not be made.
    pub(crate) fn connection_error(self, error: &ConnectionError) -> String {
        let texts = &self.texts().reason;
        let words = match error {
            ConnectionError::Goodbye(reason) => goodbye(*reason, texts),
            ConnectionError::Closed => texts.connection_closed,
            ConnectionError::ClosedWithCode { code, reason } if reason.is_empty() => {
                return (texts.closed)(&code.to_string());
            }
            ConnectionError::ClosedWithCode { code, reason } => return (texts.closed)(&format!("{code}: {reason}")),
            ConnectionError::OwnAddress => texts.self_connection,
            ConnectionError::Ended => texts.ended,
            ConnectionError::Refused { status } => return (texts.refused)(&status.to_string()),
            ConnectionError::Timeout { .. } => texts.dial_timeout,
            ConnectionError::Unreachable => texts.unreachable,
            ConnectionError::Text => texts.text,
            ConnectionError::FrameTooLarge { .. } => texts.frame_too_large,
            ConnectionError::TooFast { .. } => texts.too_fast,
            ConnectionError::SlowReader { .. } => texts.slow_reader,
            ConnectionError::Renewed => texts.renewed,
            ConnectionError::System(words) => words.as_str(),
        };
        words.into()
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
        for language in [Language::English, Language::German] {
            let goodbye = ConnectionError::Goodbye(Goodbye::Stalled);
            assert_eq!(language.connection_error(&goodbye), language.goodbye(Goodbye::Stalled));
        }
        let closed = ConnectionError::ClosedWithCode { code: 1006, reason: String::new() };
        assert_eq!(Language::German.connection_error(&closed), "geschlossen mit Code 1006");
        assert_eq!(Language::English.connection_error(&closed), closed.to_string());
        let words = ConnectionError::System("something new".into());
        assert_eq!(Language::German.connection_error(&words), "something new");
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
