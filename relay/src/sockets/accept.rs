use super::connections::Connections;
use super::pump::pump;
use super::socket::ServerSocket;
use crate::inbox::Inbox;
use crate::problem::{Problem, ProblemKind};
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use fedcoin_node::{Direction, PeerAddress};
use futures::StreamExt;
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio_tungstenite::tungstenite::handshake::server::create_response;

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
    let response = match create_response(&request.map(|_body| ())) {
        Ok(response) => response,
        Err(_) => {
            let detail = "this path accepts WebSocket handshakes only (RFC 6455, version 13)";
            return Problem::new(ProblemKind::NOT_WEBSOCKET, detail).into_response();
        }
    };
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
    response.map(|()| Body::empty())
}

/// The answer to a peer too many.
pub(super) fn no_room() -> Problem {
    Problem::unavailable("the node has its maximum number of peers; try another node, or later")
}
