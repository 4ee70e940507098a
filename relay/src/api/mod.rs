//! `/api/v1`: JSON about the chain, the mempool and addresses, and the ways in for payments,
//! blocks and neighbours. Amounts are decimal numbers of FED, as strings.

mod addresses;
mod blocks;
mod extract;
mod network;
mod peers;
mod problem;
mod status;
mod stored;
mod transactions;

pub use addresses::CoinsView;
pub use network::NetworkView;
pub use problem::Problem;
pub use transactions::{Submitted, TransactionState, TransactionView};

use crate::driver::NodeHandle;
use crate::miner::{HashRate, Miner};
use crate::sockets::Connections;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::{Router, routing};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutLayer;

/// Longest time for one answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Most bytes of a payment in JSON: rule T3's size takes under three times as much as text.
const MAX_PAYMENT_JSON: usize = 500_000;
/// Most bytes of a block in JSON.
const MAX_BLOCK_JSON: usize = 5_000_000;
/// Most bytes of any other request.
const MAX_SMALL_JSON: usize = 10_000;

/// What the handlers share.
#[derive(Clone)]
pub struct AppState {
    /// The node.
    pub node: NodeHandle,
    /// The open connections.
    pub connections: Arc<Connections>,
    /// The mining threads.
    pub miner: Arc<Miner>,
    /// How fast they are.
    pub hash_rate: Arc<HashRate>,
    /// When the node started.
    pub started: Instant,
    /// Turns for requests that read much.
    reading: Arc<Semaphore>,
}

impl AppState {
    /// What the handlers of a node that starts now share.
    #[must_use]
    pub fn new(node: NodeHandle, connections: Arc<Connections>, miner: Arc<Miner>) -> Self {
        Self {
            node,
            connections,
            miner,
            hash_rate: Arc::default(),
            started: Instant::now(),
            reading: Arc::new(Semaphore::new(stored::MAX_READING)),
        }
    }
}

/// The API's routes.
pub fn router(state: AppState) -> Router {
    let payments = routing::post(transactions::submit).layer(DefaultBodyLimit::max(MAX_PAYMENT_JSON));
    let blocks = routing::get(blocks::list).post(blocks::submit).layer(DefaultBodyLimit::max(MAX_BLOCK_JSON));
    Router::new()
        .route("/status", routing::get(status::status))
        .route("/network", routing::get(network::network))
        .route("/ledger", routing::get(status::ledger))
        .route("/blocks", blocks)
        .route("/blocks/{which}", routing::get(blocks::one))
        .route("/mempool", routing::get(transactions::mempool))
        .route("/fees", routing::get(transactions::fees))
        .route("/transactions", payments)
        .route("/transactions/{txid}", routing::get(transactions::one))
        .route("/addresses/{address}/balance", routing::get(addresses::balance))
        .route("/addresses/{address}/utxos", routing::get(addresses::coins))
        .route("/peers", routing::get(peers::list).post(peers::add))
        .layer(DefaultBodyLimit::max(MAX_SMALL_JSON))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT))
        .with_state(state)
}

async fn nothing_here() -> Problem {
    Problem::not_found("the API has no such path")
}

async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method not allowed", "this path is not used that way")
}
