use crate::access::AllowedOrigin;
use axum::http::{Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Lets pages of these origins read answers and send JSON; `None` if there are no origins.
pub(super) fn layer(origins: &[AllowedOrigin]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let named = origins.iter().filter_map(|origin| match origin {
        AllowedOrigin::One(origin) => Some(origin.clone()),
        AllowedOrigin::Any => None,
    });
    let allowed = if origins.contains(&AllowedOrigin::Any) { AllowOrigin::any() } else { AllowOrigin::list(named) };
    let layer = CorsLayer::new().allow_origin(allowed);
    Some(layer.allow_methods([Method::GET, Method::POST]).allow_headers([header::CONTENT_TYPE]))
}
