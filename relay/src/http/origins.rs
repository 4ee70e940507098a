use crate::api::CorsOrigin;
use axum::http::{HeaderMap, header};
use std::sync::Arc;

/// Which pages may connect as peers. Programs that are no browsers name no page and always may: what
/// a peer says is checked the same, whoever it is.
#[derive(Clone, Debug)]
pub(super) struct Origins(Arc<[CorsOrigin]>);

impl Origins {
    /// Pages of these origins and of the node's own; of all when there are none.
    pub(super) fn new(origins: &[CorsOrigin]) -> Self {
        Self(origins.into())
    }

    pub(super) fn allow(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let own = || {
            let host = headers.get(header::HOST)?.to_str().ok()?;
            Some(origin.to_str().ok()?.split_once("://")?.1 == host)
        };
        let listed = |allowed: &CorsOrigin| match allowed {
            CorsOrigin::Any => true,
            CorsOrigin::One(allowed) => allowed == origin,
        };
        self.0.is_empty() || self.0.iter().any(listed) || own().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origins: &[&str], origin: Option<&str>) -> bool {
        let origins: Vec<CorsOrigin> = origins.iter().map(|origin| origin.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "relay.example:5000".parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        Origins::new(&origins).allow(&headers)
    }

    #[test]
    fn pages_from_elsewhere_are_kept_out_where_some_are_named() {
        let (own, listed, other) = ("http://relay.example:5000", "https://class.example", "https://evil.example");
        for origin in [None, Some(own), Some(listed), Some(other), Some("null")] {
            assert!(allowed(&[], origin) && allowed(&["*"], origin), "{origin:?}");
        }
        assert!(allowed(&[listed], None) && allowed(&[listed], Some(own)) && allowed(&[listed], Some(listed)));
        assert!(!allowed(&[listed], Some(other)) && !allowed(&[listed], Some("null")));
    }
}
