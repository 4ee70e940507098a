use super::connections::Connections;
use super::pump::pump;
use super::socket::ServerSocket;
use crate::api::{Problem, ProblemKind};
use crate::driver::Inbox;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use fedcoin_node::{Direction, PeerAddress};
use futures::StreamExt;
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio_tungstenite::tungstenite::handshake::server::create_response;

/// Turns a request for `/ws` into a connection to a peer, if there is a place for one. `visit` is
/// kept for as long as it stands.
pub fn serve(
    mut request: Request,
    remote: SocketAddr,
    visit: impl Send + 'static,
    connections: Arc<Connections>,
    inbox: Inbox,
) -> Response {
    let upgrade = hyper::upgrade::on(&mut request);
    let response = match create_response(&request.map(|_body| ())) {
        Ok(response) => response,
        Err(_) => {
            let detail = "peers speak WebSocket here (RFC 6455), version 13, and this request does not begin it";
            return Problem::new(ProblemKind::NOT_WEBSOCKET, detail).into_response();
        }
    };
    let Some(place) = connections.take_inbound_place() else {
        let detail = "as many peers as may are connected already; try another node, or later";
        return Problem::unavailable(detail).into_response();
    };
    let address = PeerAddress::from(remote);
    tokio::spawn(async move {
        // A client that is gone before it has its answer is nobody's peer.
        if let Ok(upgraded) = upgrade.await {
            let unfinished = connections.unfinished();
            let bytes = Arc::clone(&unfinished.bytes);
            let socket = ServerSocket::new(TokioIo::new(upgraded), unfinished).await;
            let (outgoing, incoming) = socket.split();
            pump(incoming, outgoing, Direction::Inbound, address, &connections, &inbox, bytes).await;
        }
        drop((place, visit));
    });
    response.map(|()| Body::empty())
}
