use super::Problem;
use super::problem::ProblemKind;
use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use fedcoin_node::primitives::{Address, Recipient};
use serde::de::DeserializeOwned;
use std::ops::RangeInclusive;

/// A JSON body; mistakes are answered by a [`Problem`].
pub(super) struct Body<T>(pub(super) T);

/// A query string; mistakes are answered by a [`Problem`].
pub(super) struct Params<T>(pub(super) T);

/// The one part of the path that varies; mistakes are answered by a [`Problem`].
pub(super) struct Segment(pub(super) String);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(error) => {
                let kind = match error.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => ProblemKind::TOO_LARGE,
                    StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemKind::WRONG_CONTENT_TYPE,
                    StatusCode::UNPROCESSABLE_ENTITY => ProblemKind::BODY_MISFIT,
                    _ => ProblemKind::BODY_NOT_JSON,
                };
                Err(Problem::new(kind, error.body_text()))
            }
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(error) => Err(Problem::bad_request(error.body_text())),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::bad_request(error.body_text()))?;
        // The parsers of ids and addresses forgive spaces, for people who paste; a path has none.
        if text.contains(char::is_whitespace) {
            return Err(Problem::bad_request("there is a space in the path"));
        }
        Ok(Self(text))
    }
}

/// An address, or a public key in hex, from a path.
pub(super) fn address(text: &str) -> Result<Address, Problem> {
    text.parse::<Recipient>().map(|r| r.0).map_err(|e| Problem::bad_request(e.to_string()))
}

/// A parameter that must lie within a range; `usual` where it is not given.
pub(super) fn within(name: &str, given: Option<u32>, usual: u32, range: RangeInclusive<u32>) -> Result<u32, Problem> {
    let value = given.unwrap_or(usual);
    if range.contains(&value) {
        return Ok(value);
    }
    let (min, max) = range.into_inner();
    Err(Problem::bad_request(format!("{name} = {value}: must be between {min} and {max}")))
}
