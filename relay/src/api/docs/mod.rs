//! `/api/v1/openapi.json` and `/api/v1/docs`, its page: plain HTML and one style sheet, without scripts or external
//! resources.

mod html;
mod render;

use axum::body::Bytes;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use axum::{Router, routing};
use serde_json::Value;

/// The page has no scripts and loads only its style sheet.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = include_str!("style.css");

/// The routes of the document and the page.
pub(super) fn router(document: &Value) -> Router {
    let page = Bytes::from(render::page(document));
    let json = Bytes::from(document.to_string());
    let serve =
        |kind: &'static str, body: Bytes| routing::get(move || async move { (headers(kind), body).into_response() });
    Router::new()
        .route("/openapi.json", serve("application/json", json))
        .route("/docs", serve("text/html; charset=utf-8", page))
        .route("/docs.css", serve("text/css; charset=utf-8", Bytes::from_static(STYLE.as_bytes())))
}

fn headers(kind: &'static str) -> [(HeaderName, &'static str); 3] {
    [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache"), (header::CONTENT_SECURITY_POLICY, POLICY)]
}
