use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Instant;

/// Histogram buckets for response times, in seconds.
const TIMES: [f64; 9] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
/// Route label of the page's files and of unknown paths.
const NO_ROUTE: &str = "other";

/// Counts requests by route. Clones share the counters.
///
/// Bound: routes, methods and statuses are few; a path or method invented by a client does not become a label.
#[derive(Clone, Debug)]
pub struct RequestCounters {
    answered: Family<[(&'static str, String); 3], Counter>,
    times: Family<[(&'static str, String); 1], Histogram>,
}

impl RequestCounters {
    /// New counters in this registry.
    pub(super) fn new(registry: &mut Registry) -> Self {
        let counters =
            Self { answered: Family::default(), times: Family::new_with_constructor(|| Histogram::new(TIMES)) };
        let Self { answered, times } = counters.clone();
        registry.register("http_requests", "Answered requests, by route, method and status", answered);
        let help = "Time until the answer begins; WebSockets and streams continue after it";
        registry.register("http_request_duration_seconds", help, times);
        counters
    }

    fn count(&self, route: String, method: &Method, status: u16, seconds: f64) {
        let method = match *method {
            Method::GET | Method::POST | Method::HEAD | Method::OPTIONS => method.as_str(),
            _ => "other",
        };
        let labels = [("route", route.clone()), ("method", method.to_owned()), ("status", status.to_string())];
        self.answered.get_or_create(&labels).inc();
        self.times.get_or_create(&[("route", route)]).observe(seconds);
    }
}

/// Counts a request when its answer begins.
pub(crate) async fn count(State(counters): State<RequestCounters>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let (method, started) = (request.method().clone(), Instant::now());
    let response = next.run(request).await;
    counters.count(route, &method, response.status().as_u16(), started.elapsed().as_secs_f64());
    response
}
