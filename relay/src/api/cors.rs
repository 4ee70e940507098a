use axum::http::{HeaderValue, Method, header};
use core::str::FromStr;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Whose pages may ask the API: those of one origin, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorsOrigin {
    /// Written `*`.
    Any,
    /// Such as `https://shop.example`.
    One(HeaderValue),
}

/// A text is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin: write http://HOST:PORT or https://HOST, without a path, or * for all")]
pub struct CorsOriginError(pub String);

impl FromStr for CorsOrigin {
    type Err = CorsOriginError;

    /// Reads what browsers send: scheme, host and port, nothing after them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let bad = || CorsOriginError(text.chars().take(80).collect());
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(bad)?;
        // Browsers send it in lower case.
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Err(bad());
        }
        HeaderValue::from_str(text).map(Self::One).map_err(|_| bad())
    }
}

/// Lets pages of these origins read answers and send JSON; nothing where there are none.
pub(super) fn layer(origins: &[CorsOrigin]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let named = origins.iter().filter_map(|origin| match origin {
        CorsOrigin::One(origin) => Some(origin.clone()),
        CorsOrigin::Any => None,
    });
    let allowed = if origins.contains(&CorsOrigin::Any) { AllowOrigin::any() } else { AllowOrigin::list(named) };
    let layer = CorsLayer::new().allow_origin(allowed);
    Some(layer.allow_methods([Method::GET, Method::POST]).allow_headers([header::CONTENT_TYPE]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        assert_eq!("*".parse(), Ok(CorsOrigin::Any));
        for text in ["http://localhost:8080", "https://shop.example", "http://[::1]:1"] {
            assert!(matches!(text.parse(), Ok(CorsOrigin::One(_))), "{text}");
        }
        for text in ["", "localhost", "https://", "https://a/b", "https://a b", "ftp://a", "https://A", "null"] {
            assert!(text.parse::<CorsOrigin>().is_err(), "{text}");
        }
    }
}
