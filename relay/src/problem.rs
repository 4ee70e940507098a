//! Problem documents (RFC 9457): why a request failed.

use crate::feed::DroppedPayment;
use crate::schema;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fedcoin_node::SubmitError;
use fedcoin_node::consensus::{BlockError, PaymentError};
use fedcoin_node::mempool::PoolError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Prefix of every `type`. The kind's name follows.
const TYPES: &str = "/api/v1/docs#problem-";

/// Why a request failed (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// The kind of problem: a path on this node that explains it. Programs should compare this field.
    #[serde(rename = "type")]
    #[schema(example = "/api/v1/docs#problem-not-found")]
    pub kind: String,
    /// The kind of problem in words, the same for all problems of a kind.
    #[schema(example = "not found")]
    pub title: String,
    /// The HTTP status code.
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong with this request.
    #[schema(example = "there is no block at height 9 yet; the tip is at 3")]
    pub detail: String,
    /// The violated rule's number in `docs/protocol.md`, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "C1")]
    pub rule: Option<String>,
    /// For a dropped payment: the data of its event `payment_dropped`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<schema::DropEvent>)]
    pub dropped: Option<Box<DroppedPayment>>,
}

/// A kind of problem. Its name and status never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemKind {
    /// The HTTP status code.
    pub status: StatusCode,
    /// The end of its `type`.
    pub name: &'static str,
    /// Its `title`.
    pub title: &'static str,
    /// When requests get this answer.
    pub meaning: &'static str,
}

const fn kind(status: StatusCode, name: &'static str, title: &'static str, meaning: &'static str) -> ProblemKind {
    ProblemKind { status, name, title, meaning }
}

impl ProblemKind {
    /// See [`ProblemKind::meaning`] for this and all other kinds.
    pub const BAD_REQUEST: Self = kind(
        StatusCode::BAD_REQUEST,
        "bad-request",
        "bad request",
        "A part of the path, the query or the headers is invalid; `detail` says which.",
    );
    /// The body is not JSON.
    pub const BODY_NOT_JSON: Self =
        kind(StatusCode::BAD_REQUEST, "body-not-json", "the body is not JSON", "The body is not valid JSON.");
    /// The request needs the operator's cookie.
    pub const FORBIDDEN: Self = kind(
        StatusCode::FORBIDDEN,
        "forbidden",
        "not allowed",
        "This request needs the node's cookie: send the text of the file `cookie` in its data directory as \
         `Authorization: Bearer TEXT`. At `/ws` and `/frames`: pages of this origin may not connect.",
    );
    /// The node does not know what the path names.
    pub const NOT_FOUND: Self =
        kind(StatusCode::NOT_FOUND, "not-found", "not found", "This node does not know what the path names.");
    /// The requested payment was dropped.
    pub const PAYMENT_DROPPED: Self = kind(
        StatusCode::NOT_FOUND,
        "payment-dropped",
        "the payment was dropped",
        "The payment left the mempool without being mined, or a reorganisation undid it for good; `dropped` states the \
         reason, like the event `payment_dropped`. A node remembers its last 10,000 dropped payments until it restarts.",
    );
    /// The path does not accept this method.
    pub const METHOD_NOT_ALLOWED: Self = kind(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "method not allowed",
        "The path exists but does not accept this method; the header `Allow` lists those it accepts.",
    );
    /// The request took too long.
    pub const TIMEOUT: Self =
        kind(StatusCode::REQUEST_TIMEOUT, "timeout", "too slow", "The request took longer than 30 seconds.");
    /// The payment's coins are spent or missing.
    pub const PAYMENT_CONFLICT: Self = kind(
        StatusCode::CONFLICT,
        "payment-conflict",
        "the payment's coins are not free",
        "Another payment spends the same coins, or they do not exist yet; `rule` is P2 or C1.",
    );
    /// The block's parent is unknown.
    pub const PARENT_UNKNOWN: Self = kind(
        StatusCode::CONFLICT,
        "parent-unknown",
        "parent unknown",
        "This node does not know the block's parent. It keeps the block for a while in case the parent arrives.",
    );
    /// The body is too large.
    pub const TOO_LARGE: Self = kind(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "the body is too large",
        "The body is larger than this path allows.",
    );
    /// The body is not declared as `application/json`.
    pub const WRONG_CONTENT_TYPE: Self = kind(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "wrong-content-type",
        "the body is of the wrong type",
        "Send the body with the header `Content-Type: application/json`.",
    );
    /// The `Host` is not a name of this node.
    pub const MISDIRECTED: Self = kind(
        StatusCode::MISDIRECTED_REQUEST,
        "misdirected",
        "not this node's name",
        "The request came from this machine or a private network, and its `Host` is not a name of this node: a page \
         may be trying to reach into your network. Use the node's address, or give its name with `--advertise`.",
    );
    /// The JSON body has missing fields or values out of range.
    pub const BODY_MISFIT: Self = kind(
        StatusCode::UNPROCESSABLE_ENTITY,
        "body-misfit",
        "the body does not fit",
        "The body is JSON, but fields are missing or values are out of range.",
    );
    /// The payment is invalid.
    pub const PAYMENT_INVALID: Self = kind(
        StatusCode::UNPROCESSABLE_ENTITY,
        "payment-invalid",
        "the payment is invalid",
        "The payment is invalid and will never be accepted as it is; `rule` names the rule.",
    );
    /// The payment is valid, but this node does not accept it now.
    pub const PAYMENT_REFUSED: Self = kind(
        StatusCode::UNPROCESSABLE_ENTITY,
        "payment-refused",
        "this node does not accept the payment now",
        "The payment is valid, but this node's mempool does not accept it, or it is too early (`rule`): raise its \
         fee, wait, or use another node.",
    );
    /// The block's time is too far ahead (rule H6).
    pub const BLOCK_EARLY: Self = kind(
        StatusCode::CONFLICT,
        "block-early",
        "the block is too early",
        "By this node's clock the block's time is too far ahead (rule H6): check both clocks, or send the block again \
         later.",
    );
    /// The block is invalid.
    pub const BLOCK_INVALID: Self = kind(
        StatusCode::UNPROCESSABLE_ENTITY,
        "block-invalid",
        "the block is invalid",
        "The block, or one below it, is invalid; `rule` names the rule if it is the block itself.",
    );
    /// A plain HTTP request at `/ws`.
    pub const NOT_WEBSOCKET: Self = kind(
        StatusCode::UPGRADE_REQUIRED,
        "not-websocket",
        "not a WebSocket request",
        "`/ws` is for connections between nodes; it accepts WebSocket requests only.",
    );
    /// Too many connections from one address.
    pub const TOO_MANY_CONNECTIONS: Self = kind(
        StatusCode::TOO_MANY_REQUESTS,
        "too-many-connections",
        "too many connections",
        "This address has too many connections, or opens them too fast; `Retry-After` says when to try again.",
    );
    /// A bug in the program.
    pub const INTERNAL: Self = kind(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "internal error",
        "The program has a bug; the node's log has details.",
    );
    /// The node cannot answer now.
    pub const UNAVAILABLE: Self = kind(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "not available now",
        "The node is busy, full or stopping: the same request may succeed later.",
    );

    /// All kinds, by status.
    pub const ALL: [Self; 21] = [
        Self::BAD_REQUEST,
        Self::BODY_NOT_JSON,
        Self::FORBIDDEN,
        Self::NOT_FOUND,
        Self::PAYMENT_DROPPED,
        Self::METHOD_NOT_ALLOWED,
        Self::TIMEOUT,
        Self::PAYMENT_CONFLICT,
        Self::PARENT_UNKNOWN,
        Self::BLOCK_EARLY,
        Self::TOO_LARGE,
        Self::WRONG_CONTENT_TYPE,
        Self::MISDIRECTED,
        Self::BODY_MISFIT,
        Self::PAYMENT_INVALID,
        Self::PAYMENT_REFUSED,
        Self::BLOCK_INVALID,
        Self::NOT_WEBSOCKET,
        Self::TOO_MANY_CONNECTIONS,
        Self::INTERNAL,
        Self::UNAVAILABLE,
    ];

    /// The problem's `type`.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("{TYPES}{}", self.name)
    }
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let (title, status) = (kind.title.to_owned(), kind.status.as_u16());
        Self { kind: kind.uri(), title, status, detail: detail.into(), rule: None, dropped: None }
    }

    /// Adds the number of the violated rule.
    #[must_use]
    pub fn about(self, rule: &str) -> Self {
        Self { rule: Some(rule.to_owned()), ..self }
    }

    /// The request is invalid.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::BAD_REQUEST, detail)
    }

    /// The node does not know what was requested.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::NOT_FOUND, detail)
    }

    /// The requested payment was dropped.
    #[must_use]
    pub fn dropped(payment: DroppedPayment) -> Self {
        let detail = format!("payment {} was dropped: {}", payment.txid, payment.detail);
        Self { dropped: Some(Box::new(payment)), ..Self::new(ProblemKind::PAYMENT_DROPPED, detail) }
    }

    /// The node cannot serve the request now.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::UNAVAILABLE, detail)
    }
}

impl From<PoolError> for Problem {
    fn from(error: PoolError) -> Self {
        let kind = match &error {
            PoolError::Conflict { .. } | PoolError::CoinTaken { .. } | PoolError::MissingInputs { .. } => {
                ProblemKind::PAYMENT_CONFLICT
            }
            error if error.is_temporary() => ProblemKind::UNAVAILABLE,
            PoolError::Invalid(PaymentError::Immature { .. }) => ProblemKind::PAYMENT_REFUSED,
            PoolError::Invalid(_) => ProblemKind::PAYMENT_INVALID,
            _ => ProblemKind::PAYMENT_REFUSED,
        };
        Self::new(kind, error.to_string()).about(error.rule())
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        let detail = error.to_string();
        match error {
            SubmitError::Invalid(BlockError::Header(error)) if error.is_temporary() => {
                Self::new(ProblemKind::BLOCK_EARLY, detail).about(error.rule())
            }
            SubmitError::Invalid(error) => Self::new(ProblemKind::BLOCK_INVALID, detail).about(error.rule()),
            SubmitError::OnInvalidBlock => Self::new(ProblemKind::BLOCK_INVALID, detail),
            SubmitError::Orphan { .. } => Self::new(ProblemKind::PARENT_UNKNOWN, detail),
            SubmitError::TooManySideBranches | SubmitError::Busy { .. } | SubmitError::Known => {
                Self::unavailable(detail)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(self)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fedcoin_node::units::Amount;

    #[test]
    fn each_kind_has_its_own_name() {
        for (at, kind) in ProblemKind::ALL.iter().enumerate() {
            assert!(ProblemKind::ALL[..at].iter().all(|other| other.name != kind.name), "{}", kind.name);
            assert!(kind.status.is_client_error() || kind.status.is_server_error());
            let row = format!("| `{}` | {} | {} |", kind.name, kind.status.as_u16(), kind.meaning);
            assert!(include_str!("../../docs/api.md").contains(&row), "docs/api.md lacks {row}");
        }
    }

    #[test]
    fn the_document_has_the_members_of_rfc_9457() {
        let problem = serde_json::to_value(Problem::from(PoolError::Full)).unwrap();
        assert_eq!(problem["type"], "/api/v1/docs#problem-unavailable");
        assert_eq!((&problem["status"], &problem["rule"]), (&503.into(), &"P4".into()));
        let fee = PoolError::FeeTooLow { got: Amount::ZERO, min: Amount::from_fed(1) };
        assert_eq!(Problem::from(fee).kind, ProblemKind::PAYMENT_REFUSED.uri(), "another node may accept it");
        let plain = serde_json::to_value(Problem::not_found("no")).unwrap();
        assert_eq!(plain.as_object().unwrap().len(), 4, "{plain}");
    }
}
