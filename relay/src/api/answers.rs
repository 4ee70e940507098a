//! The problems that each operation may answer with, for the API's document.

use crate::problem::{Problem, ProblemKind};
use std::collections::BTreeMap;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// Declares a group of problems that `#[utoipa::path(responses(...))]` can name.
macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident = $($kind:ident)+;)+) => {$(
        $(#[$doc])*
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                responses(&[$(ProblemKind::$kind),+])
            }
        }
    )+};
}

answers! {
    /// Problems of every operation.
    Always = TIMEOUT MISDIRECTED TOO_MANY_CONNECTIONS INTERNAL UNAVAILABLE;
    /// Problems of operations with parameters.
    BadRequest = BAD_REQUEST;
    /// Problems of operations on one thing.
    NotFound = BAD_REQUEST NOT_FOUND;
    /// Problems of `GET /transactions/TXID`.
    TransactionUnknown = BAD_REQUEST NOT_FOUND PAYMENT_DROPPED;
    /// Problems of `POST /transactions`.
    PaymentRefused = BAD_REQUEST BODY_NOT_JSON PAYMENT_CONFLICT TOO_LARGE WRONG_CONTENT_TYPE BODY_MISFIT PAYMENT_INVALID PAYMENT_REFUSED;
    /// Problems of `POST /blocks`.
    BlockRefused = BAD_REQUEST BODY_NOT_JSON PARENT_UNKNOWN BLOCK_EARLY TOO_LARGE WRONG_CONTENT_TYPE BODY_MISFIT BLOCK_INVALID;
    /// Problems of `GET /chain`.
    ChainRefused = FORBIDDEN;
    /// Problems of `DELETE /peers`.
    NeighbourUnknown = BAD_REQUEST FORBIDDEN NOT_FOUND;
    /// Problems of `POST /peers`.
    PeerRefused = BAD_REQUEST BODY_NOT_JSON FORBIDDEN TOO_LARGE WRONG_CONTENT_TYPE BODY_MISFIT;
}

/// One answer per status; several kinds of problems may share a status.
fn responses(kinds: &[ProblemKind]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<&ProblemKind>> = BTreeMap::new();
    for kind in kinds {
        by_status.entry(kind.status.as_str().to_owned()).or_default().push(kind);
    }
    by_status.into_iter().map(|(status, kinds)| (status, response(&kinds).into())).collect()
}

fn response(kinds: &[&ProblemKind]) -> Response {
    let meanings: Vec<String> = kinds.iter().map(|kind| format!("`{}`: {}", kind.name, kind.meaning)).collect();
    let examples = kinds.iter().map(|kind| {
        let problem = Problem::new(**kind, "what is wrong with this request");
        (kind.name.to_owned(), ExampleBuilder::new().value(serde_json::to_value(problem).ok()).build())
    });
    let schema = Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    ResponseBuilder::new().description(meanings.join(" ")).content("application/problem+json", content).build()
}
