//! Everything on the one port: the page, `/ws`, `/healthz` and `/api/v1`.

mod guests;
mod hosts;
mod operator;
mod origins;
mod pace;
mod places;
mod proxy;
mod serve;

pub use guests::Guests;
use guests::Purpose;
pub use hosts::Hosts;
pub use operator::Cookie;
pub(crate) use operator::Requester;
use origins::Origins;
pub use proxy::TrustedProxies;
pub use serve::Server;

use crate::api::{self, AppState, CorsOrigin, Problem, ProblemKind};
use crate::metrics::{self, Metrics};
use crate::page::{self, Page};
use crate::sockets;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, routing};
use percent_encoding::percent_decode_str;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

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
    /// Whoever knows it acts for the node's operator.
    pub cookie: Cookie,
}

/// All routes.
pub fn router(state: AppState, page: Arc<dyn Page>, metrics: &Metrics, audience: &Audience) -> Router {
    let assets = Router::new().fallback(asset).with_state(page);
    Router::new()
        .route("/ws", routing::any(websocket).layer(Extension(Origins::new(&audience.origins))))
        .route("/healthz", routing::get(health))
        .with_state(state.clone())
        .route(metrics::PATH, routing::get(scrape).with_state(metrics.clone()))
        .method_not_allowed_fallback(only_read)
        .nest("/api/v1", api::router(state, &audience.cors))
        .fallback_service(assets)
        .layer(Extension(audience.cookie.clone()))
        .layer(middleware::from_fn_with_state(audience.hosts.clone(), hosts::known_host))
        .layer(middleware::from_fn(with_headers))
        .layer(middleware::from_fn_with_state(metrics.requests(), metrics::count))
}

/// Answers when the node itself does.
async fn health(State(state): State<AppState>) -> String {
    format!("ok, height {}\n", state.node.settled().await.chain().tip().height)
}

/// What Prometheus reads, for whoever has the node's cookie.
async fn scrape(State(metrics): State<Metrics>, requester: Requester) -> Result<Response, Problem> {
    requester.must_be_operator("metrics are read here")?;
    Ok(metrics.answer())
}

async fn websocket(
    State(state): State<AppState>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    Extension(guests): Extension<Arc<Guests>>,
    Extension(origins): Extension<Origins>,
    request: Request,
) -> Response {
    if !origins.allow(request.headers()) {
        let detail = "this node lets only certain pages connect, and the one you are on is none of them";
        return Problem::new(ProblemKind::FORBIDDEN, detail).into_response();
    }
    let visit = match guests.enter(Purpose::Peer, remote.ip(), Instant::now()) {
        Ok(visit) => visit,
        Err(crowded) => return crowded.into_response(),
    };
    sockets::serve(request, remote, visit, state.connections, state.node.inbox().clone())
}

async fn only_read() -> Problem {
    Problem::new(ProblemKind::METHOD_NOT_ALLOWED, "this is only read, by GET or HEAD")
}

async fn asset(State(page): State<Arc<dyn Page>>, request: Request) -> Response {
    let path = request.uri().path();
    if is_near_miss(path) {
        let detail = "there is nothing at this path; /api/v1/docs lists the API's, and nothing is beside /healthz, \
                      /metrics and /ws";
        return Problem::not_found(detail).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return ([(header::ALLOW, "GET,HEAD")], only_read().await).into_response();
    }
    page::respond(&*page, path, request.headers())
}

/// Whether a path that leads nowhere is meant for a program, not for the page: its views are no answer.
fn is_near_miss(path: &str) -> bool {
    const OF_PROGRAMS: [&str; 4] = ["api", "healthz", "metrics", "ws"];
    let path = percent_decode_str(path).decode_utf8_lossy();
    let first = path.split('/').find(|part| !part.is_empty()).unwrap_or_default();
    OF_PROGRAMS.iter().any(|name| first.eq_ignore_ascii_case(name))
}

async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
