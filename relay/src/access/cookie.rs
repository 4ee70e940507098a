use crate::problem::{Problem, ProblemKind};
use crate::random::{self, RandomError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use core::fmt;
use fedcoin_node::primitives::sha256;
use std::convert::Infallible;

/// The operator's secret for one run of the node, stored in the data directory. Anyone who can read that directory is
/// the operator. The client's address would prove nothing: behind a proxy, all clients have the proxy's address.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie(String);

impl Cookie {
    /// Makes a random cookie.
    ///
    /// # Errors
    /// [`RandomError`].
    pub fn new() -> Result<Self, RandomError> {
        let mut secret = [0; 32];
        random::fill(&mut secret)?;
        Ok(Self(hex::encode(secret)))
    }

    /// A cookie read from a file.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The text sent after `Authorization: Bearer`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a request carries this cookie. Compares digests, so the response time reveals nothing about the secret.
    fn is_shown(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token =
            shown.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        token.is_some_and(|(_, token)| sha256(&[token.trim().as_bytes()]) == sha256(&[self.0.as_bytes()]))
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cookie")
    }
}

/// The sender of a request: the operator or anyone else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requester {
    has_cookie: bool,
}

impl<S: Sync> FromRequestParts<S> for Requester {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let cookie = parts.extensions.get::<Cookie>();
        Ok(Self { has_cookie: cookie.is_some_and(|cookie| cookie.is_shown(&parts.headers)) })
    }
}

impl Requester {
    /// Requires the node's cookie for `what`. A page cannot read the cookie's file, and no proxy adds the cookie to a
    /// request.
    ///
    /// # Errors
    /// The [`Problem`] to answer with.
    pub(crate) fn require_operator(self, what: &str) -> Result<(), Problem> {
        if self.has_cookie {
            return Ok(());
        }
        let detail = format!(
            "{what} only with the node's cookie: send the header `Authorization: Bearer TEXT` with the text of \
             the file `cookie` in the node's data directory"
        );
        Err(Problem::new(ProblemKind::FORBIDDEN, detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cookie_makes_an_operator() {
        let cookie = Cookie::new().unwrap();
        let shown = |value: &str| {
            let headers = [(header::AUTHORIZATION, value.parse().unwrap())].into_iter().collect();
            cookie.is_shown(&headers)
        };
        let text = cookie.text();
        assert!(shown(&format!("Bearer {text}")) && shown(&format!("bearer  {text}")));
        let other = Cookie::new().unwrap();
        for value in
            [text, "Bearer", "Bearer ", &text[1..], &format!("Basic {text}"), &format!("Bearer {}", other.text())]
        {
            assert!(!shown(value), "{value}");
        }
        assert!(!cookie.is_shown(&HeaderMap::new()));
        assert_eq!(format!("{cookie:?}"), "Cookie", "logs do not show it");
    }
}
