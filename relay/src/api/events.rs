use super::answers::Always;
use super::{AppState, Problem};
use crate::feed::{MAX_FOLLOWERS, Told};
use crate::http::Guests;
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// A comment is sent after so long a silence, so that proxies and readers know the stream is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What happens, as it happens (Server-Sent Events)
///
/// An endless stream. `tip` comes first, with the present tip, and with each change of the primary chain
/// (`TipEvent`); `payment_accepted` (`PaymentEvent`) and `payment_dropped` (`DropEvent`, with the reason) tell of the
/// mempool: a payment that is mined leaves it without a word, the new tip's block has it. A confirmed payment that a
/// reorganisation undoes for good is dropped too. Who reads too slowly gets `lost`
/// (`LostEvent`) in place of what it missed, and goes on; who connects anew starts with the present tip
/// (`Last-Event-ID` is not looked at). Lines that begin with a colon only keep the connection alive.
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
    Extension(guests): Extension<Arc<Guests>>,
) -> Result<Response, Problem> {
    let visit = match guests.follow(remote.ip()) {
        Ok(visit) => visit,
        Err(crowded) => return Ok(crowded.into_response()),
    };
    let full = || Problem::unavailable(format!("{MAX_FOLLOWERS} programs follow already"));
    // Followed before the tip is read: nothing can come to pass in between.
    let news = state.feed.follow().ok_or_else(full)?;
    let present = Told::tip(&state.node.settled().await.chain().tip(), &[], &[], false);
    let told = stream::iter([Arc::new(present)]).chain(news);
    let events = told.map(move |told| {
        // The place is kept for as long as the stream is.
        let _kept = &visit;
        Ok::<_, Infallible>(Event::default().event(told.name).data(&told.data))
    });
    let answer = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([(header::CACHE_CONTROL, "no-store")], answer).into_response())
}
