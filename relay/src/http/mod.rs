//! Everything on the one port: the page, `/ws`, `/healthz` and `/api/v1`.

mod guests;
mod hosts;
mod origins;
mod own_machine;
mod proxy;
mod serve;

pub use guests::Guests;
use guests::Visit;
pub use hosts::Hosts;
use origins::Origins;
pub(crate) use own_machine::Requester;
pub use proxy::TrustedProxies;
pub use serve::{MAX_CONNECTIONS, Server};

use crate::api::{self, AppState, CorsOrigin, Problem, ProblemKind};
use crate::metrics::{self, Metrics};
use crate::page::{self, Page};
use crate::sockets;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, routing};
use std::net::SocketAddr;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

/// Headers of every answer: the page is alone in its browsing context (which also gives it shared
/// memory), nobody embeds it, and no type is guessed.
const HEADERS: [(HeaderName, &str); 5] = [
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// Who may ask this node, and under which names.
#[derive(Clone, Debug)]
pub struct Audience {
    /// Pages of these origins may ask the API.
    pub cors: Vec<CorsOrigin>,
    /// Only pages of these origins, unless there are none, and the node's own may connect as peers.
    pub origins: Vec<CorsOrigin>,
    /// The node's names.
    pub hosts: Hosts,
}

/// All routes.
pub fn router(state: AppState, page: Arc<dyn Page>, metrics: &Metrics, audience: &Audience) -> Router {
    let assets = Router::new().fallback(asset).with_state(page).layer(CompressionLayer::new().br(true).gzip(true));
    Router::new()
        .route("/ws", routing::any(websocket).layer(Extension(Origins::new(&audience.origins))))
        .route("/healthz", routing::get(health))
        .with_state(state.clone())
        .route(metrics::PATH, routing::get(scrape).with_state(metrics.clone()))
        .nest("/api/v1", api::router(state, &audience.cors))
        .fallback_service(assets)
        .layer(middleware::from_fn_with_state(audience.hosts.clone(), hosts::known_host))
        .layer(middleware::from_fn(with_headers))
        .layer(middleware::from_fn_with_state(metrics.requests(), metrics::count))
}

/// Answers when the node itself does.
async fn health(State(state): State<AppState>) -> String {
    format!("ok, height {}\n", state.node.read().chain().tip().height)
}

/// What Prometheus reads, for programs on this machine.
async fn scrape(State(metrics): State<Metrics>, requester: Requester) -> Result<Response, Problem> {
    requester.must_be_own_machine("metrics are read")?;
    Ok(metrics.answer())
}

async fn websocket(
    State(state): State<AppState>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    Extension(visit): Extension<Arc<Visit>>,
    Extension(origins): Extension<Origins>,
    request: Request,
) -> Response {
    if !origins.allow(request.headers()) {
        let detail = "this node lets only certain pages connect, and the one you are on is none of them";
        return Problem::new(ProblemKind::FORBIDDEN, detail).into_response();
    }
    sockets::serve(request, remote, visit, state.connections, state.node.inbox().clone())
}

async fn asset(State(page): State<Arc<dyn Page>>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Problem::new(ProblemKind::METHOD_NOT_ALLOWED, "files are only read here").into_response();
    }
    let known = request.headers().get(header::IF_NONE_MATCH);
    page::respond(&*page, request.uri().path(), known)
}

async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
