use super::Problem;
use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use fedcoin_node::primitives::{Address, Recipient};
use serde::de::DeserializeOwned;

/// A JSON body; mistakes are answered by a [`Problem`].
pub(super) struct Body<T>(pub(super) T);

/// A query string; mistakes are answered by a [`Problem`].
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(error) => Err(Problem::new(error.status(), "bad request body", error.body_text())),
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

/// An address, or a public key in hex, from a path.
pub(super) fn address(text: &str) -> Result<Address, Problem> {
    text.parse::<Recipient>().map(|r| r.0).map_err(|e| Problem::bad_request(e.to_string()))
}
