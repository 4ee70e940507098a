use super::connections::Connections;
use super::pump::{Incoming, judge, pump};
use super::{MAX_WRITE_BUFFER, READ_BUFFER, WRITE_BUFFER};
use crate::api::Problem;
use crate::driver::Inbox;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use fedcoin_node::wire::MAX_FRAME_BYTES;
use fedcoin_node::{Direction, PeerAddress};
use futures::{SinkExt, StreamExt, future};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio_tungstenite::tungstenite;

/// Turns a request for `/ws` into a connection to a peer, if there is a place for one. `visit` is
/// kept for as long as it stands.
pub fn serve(
    upgrade: WebSocketUpgrade,
    remote: SocketAddr,
    visit: impl Send + 'static,
    connections: Arc<Connections>,
    inbox: Inbox,
) -> Response {
    let Some(place) = connections.take_inbound_place() else {
        let detail = "as many peers as may are connected already; try another node, or later";
        return Problem::unavailable(detail).into_response();
    };
    let Ok(address) = remote.to_string().parse::<PeerAddress>() else {
        return Problem::bad_request("your address cannot be shown").into_response();
    };
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .on_upgrade(move |socket| async move {
            run(socket, address, &connections, &inbox).await;
            drop((place, visit));
        })
}

async fn run(socket: WebSocket, address: PeerAddress, connections: &Arc<Connections>, inbox: &Inbox) {
    let (sink, stream) = socket.split();
    let incoming = stream.map(|message| match message {
        Ok(Message::Binary(bytes)) => Incoming::Frame(bytes),
        Ok(Message::Ping(_) | Message::Pong(_)) => Incoming::Ping,
        Ok(Message::Text(_)) => Incoming::Violation,
        Ok(Message::Close(_)) => Incoming::Closed,
        Err(error) => error.into_inner().downcast_ref::<tungstenite::Error>().map_or(Incoming::Closed, judge),
    });
    let outgoing = sink.with(|bytes| future::ready(Ok::<_, axum::Error>(Message::Binary(bytes))));
    pump(incoming, outgoing, Direction::Inbound, address, connections, inbox).await;
}
