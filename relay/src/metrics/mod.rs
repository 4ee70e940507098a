//! Metrics for Prometheus at `GET /metrics`: the state of node and process at the time of the scrape, and counts of
//! events since the start.

mod encoder;
mod events;
mod node;
mod process;
mod requests;

pub use events::EventCounters;
pub use requests::RequestCounters;
pub(crate) use requests::count;

use crate::access::ConnectionLimiter;
use crate::api::AppState;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};
use fedcoin_node::wire::PROTOCOL_VERSION;
use node::NodeState;
use process::Process;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::sync::Arc;

/// Path of the metrics.
pub const PATH: &str = "/metrics";
/// The text format of OpenMetrics 1.0.
const CONTENT_TYPE: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// All metrics of a node. Clones share them.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    events: EventCounters,
    requests: RequestCounters,
}

impl Metrics {
    /// Metrics of a node and of its HTTP server.
    #[must_use]
    pub fn new(state: &AppState, limiter: &Arc<ConnectionLimiter>) -> Self {
        let mut registry = Registry::default();
        let (name, network) = {
            let node = state.node.read();
            (node.params().name.clone(), node.network().to_string())
        };
        let ours = registry.sub_registry_with_prefix("fedcoin");
        ours.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let labels = vec![("name", name), ("id", network), ("protocol", PROTOCOL_VERSION.to_string())];
        ours.register("network", "The network and its gossip version", Info::new(labels));
        let (events, requests) = (EventCounters::new(ours), RequestCounters::new(ours));
        registry.register_collector(Box::new(NodeState::new(state.clone(), Arc::clone(limiter))));
        registry.register_collector(Box::new(Process::starting_now()));
        Self { registry: Arc::new(registry), events, requests }
    }

    /// The counters of the node's events.
    #[must_use]
    pub fn events(&self) -> EventCounters {
        self.events.clone()
    }

    /// The counters of requests.
    pub(crate) fn requests(&self) -> RequestCounters {
        self.requests.clone()
    }

    /// The answer to a scrape.
    #[must_use]
    pub fn answer(&self) -> Response {
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    /// A router that serves only metrics, to every client.
    pub fn router(&self) -> Router {
        let answer = |State(metrics): State<Self>| async move { metrics.answer() };
        Router::new().route(PATH, routing::get(answer)).with_state(self.clone())
    }
}
