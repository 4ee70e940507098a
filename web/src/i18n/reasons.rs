//! Why a connection ended, and which rule was broken. The node's own errors are in English with all details; in German
//! the page names the reason or the rule.

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
        match self {
            Self::English => reason.to_string(),
            Self::German => german_goodbye(reason).into(),
        }
    }

    /// Why a connection ended or could not be made, from what the node says of it.
    pub(crate) fn connection_reason(self, said: &str) -> String {
        if self == Self::English {
            return said.into();
        }
        if let Some(reason) = GOODBYES.into_iter().find(|reason| reason.to_string() == said) {
            return german_goodbye(reason).into();
        }
        let causes = [
            (CloseCause::DialTimeout, "keine Antwort innerhalb der Frist"),
            (CloseCause::Unreachable, "dort antwortet niemand"),
            (CloseCause::Text, "die Gegenseite hat Text statt Nachrichten gesendet"),
            (CloseCause::TooFast, "die Gegenseite sendet schneller, als der Knoten lesen kann"),
            (CloseCause::SlowReader, "die Gegenseite liest zu langsam"),
            (CloseCause::Renewed, "neu verbunden"),
        ];
        if let Some((_, words)) = causes.into_iter().find(|(cause, _)| cause.to_string() == said) {
            return words.into();
        }
        said.strip_prefix(CLOSED).map_or_else(|| said.into(), |rest| format!("geschlossen mit Code {rest}"))
    }

    /// Which rule a block broke.
    pub(crate) fn block_error(self, error: &BlockError) -> String {
        self.rule(error.rule(), error)
    }

    /// Why a payment was not taken.
    pub(crate) fn pool_error(self, error: &PoolError) -> String {
        self.rule(error.rule(), error)
    }

    /// Why a payment left without being mined.
    pub(crate) fn drop_reason(self, reason: &DropReason) -> String {
        let id = |id: &fedcoin_node::primitives::TxId| short(&id.to_string());
        match (self, reason) {
            (_, DropReason::Refused(error)) => self.pool_error(error),
            (Self::English, DropReason::Expired) => "it waited for two hours".into(),
            (Self::English, DropReason::PushedOut) => "payments of higher fees needed its place".into(),
            (Self::English, DropReason::Replaced { by }) => format!("payment {} of a higher fee replaced it", id(by)),
            (Self::English, DropReason::Conflict { by }) => {
                format!("payment {} of the same coins was mined", id(by))
            }
            (Self::English, DropReason::ParentDropped { parent }) => {
                format!("it builds on payment {}, which was dropped", id(parent))
            }
            (Self::German, DropReason::Expired) => "sie hat zwei Stunden gewartet".into(),
            (Self::German, DropReason::PushedOut) => "Zahlungen mit höherer Gebühr brauchten ihren Platz".into(),
            (Self::German, DropReason::Replaced { by }) => {
                format!("Zahlung {} mit höherer Gebühr hat sie ersetzt", id(by))
            }
            (Self::German, DropReason::Conflict { by }) => {
                format!("Zahlung {} mit denselben Münzen steht in einem Block", id(by))
            }
            (Self::German, DropReason::ParentDropped { parent }) => {
                format!("sie baut auf Zahlung {} auf, die nicht mehr wartet", id(parent))
            }
        }
    }

    /// Why a block was not stored.
    pub(crate) fn submit_error(self, error: &SubmitError) -> String {
        match error {
            SubmitError::Invalid(error) => self.block_error(error),
            _ if self == Self::English => error.to_string(),
            SubmitError::Orphan { .. } => "der Vorgänger ist unbekannt; der Knoten behält den Block eine Weile".into(),
            SubmitError::OnInvalidBlock => "der Block oder einer unter ihm ist ungültig".into(),
            SubmitError::TooManySideBranches => {
                "es gibt zu viele Nebenzweige, und dieser Block hat weniger Arbeit als die Hauptkette".into()
            }
            SubmitError::Busy { max } => {
                format!("der Knoten prüft schon {} Blöcke; versuch es noch einmal", self.number(*max as u64))
            }
            SubmitError::Known => "der Block ist schon bekannt".into(),
        }
    }

    fn rule(self, rule: &str, error: &dyn std::fmt::Display) -> String {
        match self {
            Self::English => error.to_string(),
            Self::German => format!("{} (Regel {rule})", german_rule(rule)),
        }
    }
}

const fn german_goodbye(reason: Goodbye) -> &'static str {
    match reason {
        Goodbye::ShuttingDown => "der Knoten hält an",
        Goodbye::WrongNetwork => "er gehört zu einem anderen Netz",
        Goodbye::WrongVersion => "er spricht eine andere Fassung des Protokolls",
        Goodbye::SelfConnection => "ein Knoten hat sich mit sich selbst verbunden",
        Goodbye::Duplicate => "mit diesem Knoten besteht schon eine Verbindung",
        Goodbye::TooManyPeers => "alle Plätze für Peers sind besetzt",
        Goodbye::HandshakeTimeout => "der Handshake hat zu lange gedauert",
        Goodbye::Unresponsive => "er hat nicht rechtzeitig geantwortet",
        Goodbye::Stalled => "er hat nicht rechtzeitig geliefert",
        Goodbye::BadMessage => "er hat keine gültige Nachricht gesendet",
        Goodbye::UnexpectedMessage => "er hat eine Nachricht zur falschen Zeit gesendet",
        Goodbye::InvalidHeader => "er hat einen ungültigen Blockkopf gesendet",
        Goodbye::InvalidBlock => "er hat einen ungültigen Block gesendet",
        Goodbye::InvalidPayment => "er hat eine ungültige Zahlung gesendet",
        Goodbye::TooManyMessages => "er hat zu viele Nachrichten gesendet",
        Goodbye::Banned => "die Plätze sind knapp, und von seiner Adresse kamen Verstöße",
        Goodbye::SlowReader => "er liest zu langsam",
    }
}

/// What the rules say that a user may meet, by their numbers in `docs/protocol.md`.
fn german_rule(rule: &str) -> &'static str {
    match rule {
        "H3" => "der Proof of Work fehlt",
        "H4" => "der Zielwert stimmt nicht",
        "H5" => "die Zeit liegt nicht nach dem Median der Vorgänger",
        "H6" => "die Zeit liegt zu weit vor der Uhr dieses Geräts",
        "B1" => "der Block ist zu groß",
        "B2" => "so viele oder so wenige Zahlungen sind nicht erlaubt",
        "B3" => "die Zahlungen passen nicht zum Kopf",
        "B4" | "C1" => "die Münzen gibt es nicht, oder sie sind schon ausgegeben",
        "B6" => "die Belohnung ist zu hoch",
        "C2" => "die Münzen gehören jemand anderem",
        "C3" => "die Zahlung zahlt mehr aus, als ihre Münzen wert sind",
        "C4" => "eine Mining-Belohnung ist noch nicht reif",
        "T9" => "die Unterschrift stimmt nicht",
        "P1" => "die Zahlung wartet schon",
        "P2" => "eine andere wartende Zahlung gibt dieselben Münzen aus",
        "P3" | "P9" => "zu viele wartende Zahlungen bauen aufeinander auf",
        "P4" | "P15" => "zu viele Zahlungen warten",
        "P7" | "P8" => "die Gebühr ist zu niedrig",
        "P10" | "P11" => "die Gebühr ist zu niedrig, um die wartende Zahlung zu ersetzen",
        _ => "eine Regel ist verletzt",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn german_users_read_german() {
        let german = |said: &str| Language::German.connection_reason(said);
        for reason in GOODBYES {
            assert_eq!(german(&reason.to_string()), Language::German.goodbye(reason));
            assert_eq!(Language::English.connection_reason(&reason.to_string()), reason.to_string());
        }
        assert_eq!(german(&CloseCause::Unreachable.to_string()), "dort antwortet niemand");
        let closed = CloseCause::Closed { code: 1006, reason: String::new() };
        assert_eq!(german(&closed.to_string()), "geschlossen mit Code 1006");
        assert_eq!(german("something new"), "something new");
        let error = BlockError::CoinbaseHeight {
            got: fedcoin_node::units::Height(1),
            expected: fedcoin_node::units::Height(2),
        };
        assert!(Language::German.block_error(&error).ends_with("(Regel B5)"));
        let previous = fedcoin_node::primitives::BlockId([1; 32]);
        let others = [
            SubmitError::Orphan { previous },
            SubmitError::OnInvalidBlock,
            SubmitError::TooManySideBranches,
            SubmitError::Busy { max: 1_000 },
            SubmitError::Known,
        ];
        for error in others {
            assert_eq!(Language::English.submit_error(&error), error.to_string());
            assert_ne!(Language::German.submit_error(&error), error.to_string());
        }
    }
}
