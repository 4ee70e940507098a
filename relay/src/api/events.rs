use super::AppState;
use super::answers::Always;
use crate::access::{ConnectionKind, ConnectionLimiter};
use crate::feed::{FeedEvent, MAX_SUBSCRIBERS};
use crate::problem::Problem;
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Interval of comments on a silent stream, so that proxies and clients know it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Events as they happen (Server-Sent Events)
///
/// An endless stream. It starts with a `tip` event for the current tip and sends another with each change of the
/// primary chain (`TipEvent`). `payment_accepted` (`PaymentEvent`) and `payment_dropped` (`DropEvent`, with the reason)
/// report changes of the mempool. A mined payment leaves the mempool without an event of its own: it is in the new
/// tip's block. A confirmed payment that a reorganisation undoes for good is reported as dropped, too. A slow client
/// gets `lost` (`LostEvent`) in place of the events it missed, and the stream continues. Each connection starts with
/// the current tip; the node ignores `Last-Event-ID`. Lines that begin with a colon only keep the connection alive.
#[utoipa::path(
    get,
    path = "/events",
    tag = "node",
    operation_id = "events",
    responses(
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String,
         example = "event: payment_accepted\ndata: {\"txid\":\"5f0c...\"}\n\n"),
        Always
    )
)]
pub(super) async fn events(
    State(state): State<AppState>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    Extension(limiter): Extension<Arc<ConnectionLimiter>>,
) -> Result<Response, Problem> {
    let permit = match limiter.acquire(ConnectionKind::Events, remote.ip(), Instant::now()) {
        Ok(permit) => permit,
        Err(exceeded) => return Ok(exceeded.into_response()),
    };
    let full = || Problem::unavailable(format!("the node has {MAX_SUBSCRIBERS} event streams, the maximum"));
    // Subscribe before reading the tip, so that no event in between is missed.
    let later = state.feed.subscribe().ok_or_else(full)?;
    let present = FeedEvent::tip(&state.node.settled().await.chain().tip(), &[], &[], false);
    let events = stream::iter([Arc::new(present)]).chain(later).map(move |event| {
        // The stream holds the permit.
        let _permit = &permit;
        Ok::<_, Infallible>(Event::default().event(event.name).data(&event.data))
    });
    let answer = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([(header::CACHE_CONTROL, "no-store")], answer).into_response())
}
