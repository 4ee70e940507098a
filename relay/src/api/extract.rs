use crate::problem::{Problem, ProblemKind};
use axum::body::BodyDataStream;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use fedcoin_node::primitives::{Address, Recipient};
use futures::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use std::ops::RangeInclusive;
use std::time::Duration;
use tokio::time::timeout;

/// Maximum bytes of an oversized body to read and discard, and the maximum time for it.
const MAX_DISCARDED: usize = 20_000_000;
const DISCARD_TIME: Duration = Duration::from_secs(5);

/// A JSON body. Rejections are [`Problem`]s.
pub(super) struct Body<T>(pub(super) T);

/// Types that requests carry in their body.
pub(super) trait Bounded {
    /// Maximum size of its JSON in bytes.
    const MAX_BYTES: usize;
}

/// A query string. Rejections are [`Problem`]s.
pub(super) struct Params<T>(pub(super) T);

/// The one variable segment of a path. Rejections are [`Problem`]s.
pub(super) struct Segment(pub(super) String);

impl<T: DeserializeOwned + Bounded, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let declared = declared_length(request.headers());
        let is_json = is_json(request.headers());
        let mut pieces = request.into_body().into_data_stream();
        if declared.is_some_and(|length| length > T::MAX_BYTES as u64) {
            return Err(too_large(T::MAX_BYTES, pieces));
        }
        if !is_json {
            let detail = "the header `Content-Type: application/json` is missing or has another value";
            return Err(Problem::new(ProblemKind::WRONG_CONTENT_TYPE, detail));
        }
        let mut body = Vec::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| Problem::bad_request("the body is incomplete"))?;
            if body.len() + piece.len() > T::MAX_BYTES {
                return Err(too_large(T::MAX_BYTES, pieces));
            }
            body.extend_from_slice(&piece);
        }
        read(&body).map(Self)
    }
}

/// Refuses a body at once, and discards some of the rest. Otherwise a client that is still sending would see a broken
/// connection instead of the answer.
fn too_large(max: usize, mut pieces: BodyDataStream) -> Problem {
    tokio::spawn(timeout(DISCARD_TIME, async move {
        let mut discarded = 0;
        while let Some(Ok(piece)) = pieces.next().await
            && discarded < MAX_DISCARDED
        {
            discarded += piece.len();
        }
    }));
    Problem::new(ProblemKind::TOO_LARGE, format!("this path accepts bodies of at most {max} bytes"))
}

/// The body's length according to its header.
fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (path, error) = (error.path().to_string(), error.into_inner());
        if error.classify() != Category::Data {
            return not_json(body, &error);
        }
        // The library's message has the position in the text; the path has the position in the value.
        let words = error.to_string();
        let words = in_own_words(words.rsplit_once(" at line ").map_or(&*words, |(words, _)| words));
        let part = if path == "." { "the body".to_owned() } else { format!("`{path}`") };
        Problem::new(ProblemKind::BODY_MISFIT, format!("{part}: {words}"))
    })?;
    json.end().map_err(|error| not_json(body, &error))?;
    Ok(value)
}

fn not_json(body: &[u8], error: &serde_json::Error) -> Problem {
    let detail = match error.classify() {
        _ if body.trim_ascii().is_empty() => "the body is empty".to_owned(),
        Category::Eof => "the JSON of the body is incomplete".to_owned(),
        _ => format!("the body is not valid JSON at line {}, column {}", error.line(), error.column()),
    };
    Problem::new(ProblemKind::BODY_NOT_JSON, detail)
}

/// Replaces the deserialiser's messages by the API's own. Messages of the node's types stay.
fn in_own_words(reason: &str) -> String {
    const NUMBERS: [&str; 4] = [
        "invalid digit found in string",
        "number too large to fit in target type",
        "number too small to fit in target type",
        "cannot parse integer from empty string",
    ];
    let name = reason.split('`').nth(1).unwrap_or_default();
    let begins = |words: &[&str]| words.iter().any(|word| reason.starts_with(word));
    if begins(&["missing field"]) {
        format!("`{name}` is missing")
    } else if begins(&["duplicate field"]) {
        format!("`{name}` is given twice")
    } else if begins(&["unknown field"]) {
        format!("`{name}` is unknown; /api/v1/docs lists the known names")
    } else if begins(&["invalid type", "invalid value", "invalid length", "unknown variant"]) {
        "it does not have the form that /api/v1/docs gives".to_owned()
    } else if begins(&NUMBERS) {
        "it must be a whole number in the range that /api/v1/docs gives".to_owned()
    } else {
        reason.to_owned()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(error) => {
                // Example: `Failed to deserialize query string: limit: invalid digit found in string`
                let text = error.body_text();
                let reason = text.split_once(": ").map_or(&*text, |(_, reason)| reason);
                let detail = match reason.split_once(": ") {
                    Some((name, reason)) if !name.contains(' ') => format!("`{name}`: {}", in_own_words(reason)),
                    _ => in_own_words(reason),
                };
                Err(Problem::bad_request(detail))
            }
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::bad_request("the percent-encoded path is not valid UTF-8"))?;
        // The parsers of ids and addresses allow spaces, for pasted text; a path must have none.
        if text.contains(char::is_whitespace) {
            return Err(Problem::bad_request("the path contains a space"));
        }
        Ok(Self(text))
    }
}

/// Reads an address, or a public key in hex, from a path.
pub(super) fn address(text: &str) -> Result<Address, Problem> {
    text.parse::<Recipient>().map(|r| r.0).map_err(|e| Problem::bad_request(e.to_string()))
}

/// The value of a parameter, `usual` if it is absent.
///
/// # Errors
/// The value is not within `range`.
pub(super) fn within(name: &str, given: Option<u32>, usual: u32, range: RangeInclusive<u32>) -> Result<u32, Problem> {
    let value = given.unwrap_or(usual);
    if range.contains(&value) {
        return Ok(value);
    }
    let (min, max) = range.into_inner();
    Err(Problem::bad_request(format!("{name} = {value}: must be between {min} and {max}")))
}
