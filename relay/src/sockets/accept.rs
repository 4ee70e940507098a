use super::connections::Connections;
use super::pump::pump;
use super::socket::ServerSocket;
use crate::inbox::Inbox;
use crate::problem::{Problem, ProblemKind};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{self, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fedcoin_node::{Direction, PeerAddress};
use futures::StreamExt;
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio_tungstenite::tungstenite::handshake::server::create_response;

/// The only version of the WebSocket protocol.
const VERSION: &str = "13";

/// Upgrades a request for `/ws` to a peer connection, if the limits allow one. `permit` is held for as long as the
/// connection lasts.
pub fn serve(
    mut request: Request,
    remote: SocketAddr,
    permit: impl Send + 'static,
    connections: Arc<Connections>,
    inbox: Inbox,
) -> Response {
    let upgrade = hyper::upgrade::on(&mut request);
    let response = handshake(&request.map(|_body| ()));
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    let Some(inbound) = connections.acquire_inbound() else { return no_room().into_response() };
    let address = PeerAddress::from(remote);
    tokio::spawn(async move {
        // A client that disconnects before it gets the answer does not become a peer.
        if let Ok(upgraded) = upgrade.await {
            let unfinished = connections.unfinished();
            let bytes = Arc::clone(&unfinished.bytes);
            let socket = ServerSocket::new(TokioIo::new(upgraded), unfinished).await;
            let (outgoing, incoming) = socket.split();
            pump(incoming, outgoing, Direction::Inbound, address, &connections, &inbox, bytes).await;
        }
        drop((inbound, permit));
    });
    response
}

/// The answer to a WebSocket handshake (RFC 6455, section 4.2.1). [`create_response`] reads only the first header of each
/// name, and accepts every key.
fn handshake(request: &http::Request<()>) -> Response {
    let only = |name| {
        let mut values = request.headers().get_all(name).iter();
        values.next().filter(|_| values.next().is_none())
    };
    let is_key = |key: &HeaderValue| STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16);
    if only(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != VERSION) {
        return not_websocket();
    }
    if !only(header::SEC_WEBSOCKET_KEY).is_some_and(is_key) {
        return Problem::bad_request("a handshake needs one Sec-WebSocket-Key: 16 bytes in Base64").into_response();
    }
    create_response(request).map_or_else(|_| not_websocket(), |response| response.map(|()| Body::empty()))
}

fn not_websocket() -> Response {
    let offer = [(header::UPGRADE, "websocket"), (header::SEC_WEBSOCKET_VERSION, VERSION)];
    let detail = "this path accepts WebSocket handshakes only (RFC 6455, version 13)";
    (offer, Problem::new(ProblemKind::NOT_WEBSOCKET, detail)).into_response()
}

/// The answer to a peer too many.
pub(super) fn no_room() -> Problem {
    Problem::unavailable("the node has its maximum number of peers; try another node, or later")
}
