//! The HTTP server on the node's one port: the page, `/ws` and `/frames` for peers, `/healthz` and `/api/v1`.

mod min_rate;
mod server;
mod slots;

pub use server::Server;

use crate::access::{
    AllowedHosts, AllowedOrigin, ConnectionKind, ConnectionLimiter, Cookie, PeerOrigins, Requester, check_host,
};
use crate::api::{self, AppState};
use crate::metrics::{self, Metrics};
use crate::page::{self, Page};
use crate::problem::{Problem, ProblemKind};
use crate::sockets::{self, Sessions};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, routing};
use percent_encoding::percent_decode_str;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

/// Headers of every answer: the page has its browsing context to itself (which also enables shared memory), nobody may
/// embed it, and browsers do not guess types.
const HEADERS: [(HeaderName, &str); 5] = [
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// The path where peers connect without a WebSocket; their posts are below it.
const FRAMES: &str = "/frames";

/// Whether a request belongs to a peer's connection, which has its own permit.
fn is_of_connected_peer(path: &str) -> bool {
    path.strip_prefix(FRAMES).is_some_and(|rest| rest.starts_with('/'))
}

/// Access rules for requests and their hosts.
#[derive(Clone, Debug)]
pub struct AccessPolicy {
    /// Origins whose pages may use the API.
    pub cors: Vec<AllowedOrigin>,
    /// Origins whose pages may connect as peers, besides the node's own page; empty allows all.
    pub origins: Vec<AllowedOrigin>,
    /// The node's host names.
    pub hosts: AllowedHosts,
    /// The operator's secret.
    pub cookie: Cookie,
}

/// All routes.
pub fn router(state: AppState, metrics: &Metrics, policy: &AccessPolicy) -> Router {
    let origins = PeerOrigins::new(&policy.origins);
    let peers = Router::new()
        .route("/ws", routing::any(websocket))
        .route(FRAMES, routing::post(open_stream).fallback(only_posted))
        .route("/frames/{id}/{number}", routing::post(post_frames).fallback(only_posted))
        .layer(middleware::from_fn_with_state(origins, check_origin))
        .layer(Extension(Sessions::default()));
    let assets = Router::new().fallback(asset).with_state(Arc::clone(&state.page));
    Router::new()
        .merge(peers)
        .route("/healthz", routing::get(health))
        .with_state(state.clone())
        .route(metrics::PATH, routing::get(scrape).with_state(metrics.clone()))
        .method_not_allowed_fallback(only_read)
        .nest("/api/v1", api::router(state, &policy.cors))
        .fallback_service(assets)
        .layer(Extension(policy.cookie.clone()))
        .layer(middleware::from_fn_with_state(policy.hosts.clone(), check_host))
        .layer(middleware::from_fn(with_headers))
        .layer(middleware::from_fn_with_state(metrics.requests(), metrics::count))
}

/// Answers once the node's own thread has responded.
async fn health(State(state): State<AppState>) -> String {
    format!("ok, height {}\n", state.node.settled().await.chain().tip().height)
}

/// The metrics for Prometheus; requires the node's cookie.
async fn scrape(State(metrics): State<Metrics>, requester: Requester) -> Result<Response, Problem> {
    requester.require_operator("metrics can be read here")?;
    Ok(metrics.answer())
}

/// Lets peers connect from allowed pages only.
async fn check_origin(State(origins): State<PeerOrigins>, request: Request, next: Next) -> Response {
    if origins.allow(request.headers()) {
        return next.run(request).await;
    }
    let detail = "this node accepts connections only from certain pages, and yours is not one of them";
    Problem::new(ProblemKind::FORBIDDEN, detail).into_response()
}

async fn websocket(
    State(state): State<AppState>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    Extension(limiter): Extension<Arc<ConnectionLimiter>>,
    request: Request,
) -> Response {
    let permit = match limiter.acquire(ConnectionKind::Peer, remote.ip(), Instant::now()) {
        Ok(permit) => permit,
        Err(exceeded) => return exceeded.into_response(),
    };
    sockets::serve(request, remote, permit, state.connections, state.node.inbox().clone())
}

async fn open_stream(
    State(state): State<AppState>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    Extension(limiter): Extension<Arc<ConnectionLimiter>>,
    Extension(sessions): Extension<Sessions>,
) -> Response {
    match limiter.acquire(ConnectionKind::Peer, remote.ip(), Instant::now()) {
        Ok(permit) => sessions.open(remote, permit, state.connections, state.node.inbox().clone()),
        Err(exceeded) => exceeded.into_response(),
    }
}

async fn post_frames(
    Extension(sessions): Extension<Sessions>,
    Path((id, number)): Path<(String, String)>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let number = number.parse().map_err(|_| Problem::not_found("posts are at /frames/ID/NUMBER"))?;
    sessions.post(&id, number, request.into_body()).await
}

async fn only_posted() -> Problem {
    Problem::new(ProblemKind::METHOD_NOT_ALLOWED, "frames of peers are posted here")
}

async fn only_read() -> Problem {
    Problem::new(ProblemKind::METHOD_NOT_ALLOWED, "this path accepts GET and HEAD only")
}

async fn asset(State(page): State<Arc<dyn Page>>, request: Request) -> Response {
    let path = request.uri().path();
    if is_near_miss(path) {
        let detail = "this path does not exist; /api/v1/docs lists the API's paths, and the others are /healthz, \
                      /metrics, /ws and /frames";
        return Problem::not_found(detail).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return ([(header::ALLOW, "GET,HEAD")], only_read().await).into_response();
    }
    page::respond(&*page, path, request.headers())
}

/// Whether an unknown path is meant for a program, so that a view of the page would be the wrong answer.
fn is_near_miss(path: &str) -> bool {
    const OF_PROGRAMS: [&str; 5] = ["api", "healthz", "metrics", "ws", "frames"];
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
