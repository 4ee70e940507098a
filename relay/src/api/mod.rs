//! `/api/v1`: JSON about the chain, the mempool and addresses; it also accepts payments, blocks and neighbours. Amounts
//! are decimal numbers of FED, as strings.

mod addresses;
mod answers;
mod blocks;
mod chain;
mod coin_cache;
mod cors;
mod docs;
mod document;
mod events;
mod extract;
mod history;
mod mempool_cache;
mod mining;
mod network;
mod peers;
mod status;
mod stored;
mod transactions;

pub use addresses::CoinsView;
pub use network::NetworkView;
pub use transactions::{Submitted, TransactionState, TransactionView};

use crate::access::AllowedOrigin;
use crate::cluster::ClusterStatus;
use crate::feed::Feed;
use crate::miner::{HashRate, Miners};
use crate::node_handle::NodeHandle;
use crate::page::{NoPage, Page};
use crate::problem::{Problem, ProblemKind};
use crate::sockets::Connections;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Maximum time for one answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The state that handlers share.
#[derive(Clone)]
pub struct AppState {
    /// The node.
    pub node: NodeHandle,
    /// The open connections.
    pub connections: Arc<Connections>,
    /// The mining threads.
    pub miners: Arc<Miners>,
    /// The miners' hash rate.
    pub hash_rate: Arc<HashRate>,
    /// Publishes events.
    pub feed: Feed,
    /// The cluster's state, if the node is in one.
    pub cluster: Option<Arc<ClusterStatus>>,
    /// Start time of the node.
    pub started: Instant,
    /// The page that the node serves.
    pub page: Arc<dyn Page>,
    /// Lists of coins, kept until the tip changes.
    coins: coin_cache::CoinCache,
    /// Cached answers about the whole mempool.
    mempool: mempool_cache::MempoolCache,
    /// Permits for requests that read many blocks.
    reading: Arc<Semaphore>,
    /// Permits for requests that wait for another block template.
    templates: Arc<Semaphore>,
    /// The permit to export the chain.
    exporting: Arc<Semaphore>,
}

impl AppState {
    /// The shared state of a node that starts now.
    #[must_use]
    pub fn new(node: NodeHandle, connections: Arc<Connections>, miners: Arc<Miners>) -> Self {
        Self {
            node,
            connections,
            miners,
            hash_rate: Arc::default(),
            feed: Feed::default(),
            cluster: None,
            started: Instant::now(),
            page: Arc::new(NoPage),
            coins: coin_cache::CoinCache::default(),
            mempool: mempool_cache::MempoolCache::default(),
            reading: Arc::new(Semaphore::new(stored::MAX_READING)),
            templates: Arc::new(Semaphore::new(mining::MAX_WAITING)),
            exporting: Arc::new(Semaphore::new(1)),
        }
    }
}

/// The API's routes, its document and the page about it. Pages of the origins in `cors` may use them.
pub fn router(state: AppState, cors: &[AllowedOrigin]) -> Router {
    let (router, document) = document::router().merge(operations()).split_for_parts();
    let document = document::finish(document, &state.node);
    router
        .with_state(state)
        .merge(docs::router(&document))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::custom(mistake))
        .layer(option_layer(cors::layer(cors)))
}

fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(status::status))
        .routes(routes!(peers::list, peers::add, peers::remove))
        .routes(routes!(events::events))
        .routes(routes!(network::network))
        .routes(routes!(status::ledger))
        .routes(routes!(chain::export))
        .routes(routes!(blocks::list, blocks::submit))
        .routes(routes!(blocks::one))
        .routes(routes!(mining::template))
        .routes(routes!(transactions::mempool))
        .routes(routes!(transactions::fees))
        .routes(routes!(transactions::submit))
        .routes(routes!(transactions::one))
        .routes(routes!(addresses::balance))
        .routes(routes!(addresses::coins))
        .routes(routes!(history::history))
}

async fn nothing_here() -> Problem {
    Problem::not_found("the API has no such path; /api/v1/docs lists all paths")
}

async fn wrong_method() -> Problem {
    Problem::new(ProblemKind::METHOD_NOT_ALLOWED, "this path does not accept this method")
}

/// Answers with a problem if a request, body included, takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    let late =
        || Problem::new(ProblemKind::TIMEOUT, format!("the request took longer than {} seconds", TIMEOUT.as_secs()));
    timeout(TIMEOUT, next.run(request)).await.unwrap_or_else(|_| late().into_response())
}

/// The answer after a handler has panicked; the log has the panic.
fn mistake(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::new(ProblemKind::INTERNAL, "internal error; the node's log has details").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::routing;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_panic_is_answered_with_a_problem() {
        async fn broken() {
            panic!("on purpose");
        }
        let router: Router = Router::new().route("/", routing::get(broken)).layer(CatchPanicLayer::custom(mistake));
        let answer = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), 500);
        let problem: Problem = serde_json::from_slice(&to_bytes(answer.into_body(), 1_000).await.unwrap()).unwrap();
        assert_eq!(problem.kind, ProblemKind::INTERNAL.uri());
        assert!(!problem.detail.contains("on purpose"), "the cause belongs in the log");
    }
}
