use axum::http::{HeaderMap, HeaderValue, header};
use core::str::FromStr;
use std::sync::Arc;

/// An allowed origin of pages, or all origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigin {
    /// All origins, written `*`.
    Any,
    /// One origin, such as `https://shop.example`.
    One(HeaderValue),
}

/// A text is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin: write http://HOST:PORT or https://HOST, without a path, or * for all")]
pub struct OriginError(pub String);

impl FromStr for AllowedOrigin {
    type Err = OriginError;

    /// Reads the form that browsers send: scheme, host and port, and nothing after them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let bad = || OriginError(text.chars().take(80).collect());
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(bad)?;
        // Browsers send the host in lower case.
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Err(bad());
        }
        HeaderValue::from_str(text).map(Self::One).map_err(|_| bad())
    }
}

/// Which pages may connect as peers. Programs other than browsers send no origin and may always connect; the node
/// checks the messages of all peers alike.
#[derive(Clone, Debug)]
pub(crate) struct PeerOrigins(Arc<[AllowedOrigin]>);

impl PeerOrigins {
    /// Allows pages of these origins and of the node itself, or all pages if the list is empty.
    pub(crate) fn new(origins: &[AllowedOrigin]) -> Self {
        Self(origins.into())
    }

    pub(crate) fn allow(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let own = || {
            let host = headers.get(header::HOST)?.to_str().ok()?;
            Some(origin.to_str().ok()?.split_once("://")?.1 == host)
        };
        let listed = |allowed: &AllowedOrigin| match allowed {
            AllowedOrigin::Any => true,
            AllowedOrigin::One(allowed) => allowed == origin,
        };
        self.0.is_empty() || self.0.iter().any(listed) || own().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_send_them() {
        assert_eq!("*".parse(), Ok(AllowedOrigin::Any));
        for text in ["http://localhost:8080", "https://shop.example", "http://[::1]:1"] {
            assert!(matches!(text.parse(), Ok(AllowedOrigin::One(_))), "{text}");
        }
        for text in ["", "localhost", "https://", "https://a/b", "https://a b", "ftp://a", "https://A", "null"] {
            assert!(text.parse::<AllowedOrigin>().is_err(), "{text}");
        }
    }

    fn allowed(origins: &[&str], origin: Option<&str>) -> bool {
        let origins: Vec<AllowedOrigin> = origins.iter().map(|origin| origin.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "relay.example:5000".parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        PeerOrigins::new(&origins).allow(&headers)
    }

    #[test]
    fn named_origins_keep_other_pages_out() {
        let (own, listed, other) = ("http://relay.example:5000", "https://class.example", "https://evil.example");
        for origin in [None, Some(own), Some(listed), Some(other), Some("null")] {
            assert!(allowed(&[], origin) && allowed(&["*"], origin), "{origin:?}");
        }
        assert!(allowed(&[listed], None) && allowed(&[listed], Some(own)) && allowed(&[listed], Some(listed)));
        assert!(!allowed(&[listed], Some(other)) && !allowed(&[listed], Some("null")));
    }
}
