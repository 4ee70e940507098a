use super::extract::Body;
use super::{AppState, Problem};
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use fedcoin_node::{Command, Input, PeerAddress, PeerInfo};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A neighbour to keep a connection to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Neighbour {
    /// `HOST:PORT` or a WebSocket URL.
    address: PeerAddress,
}

/// `GET /peers`: those whose handshake is complete.
pub(super) async fn list(State(state): State<AppState>) -> Json<Vec<PeerInfo>> {
    Json(state.node.read().status().peers)
}

/// `POST /peers`: keep a connection to this address from now on. Only from this machine.
pub(super) async fn add(
    State(state): State<AppState>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    Body(neighbour): Body<Neighbour>,
) -> Result<(StatusCode, Json<Neighbour>), Problem> {
    if !remote.ip().to_canonical().is_loopback() {
        let detail = "neighbours are added from the node's own machine only";
        return Err(Problem::new(StatusCode::FORBIDDEN, "not allowed from there", detail));
    }
    let command = Command::AddPeer { address: neighbour.address.clone() };
    if !state.node.inbox().give(Input::Command(command)).await {
        return Err(Problem::unavailable("the node is stopping"));
    }
    Ok((StatusCode::ACCEPTED, Json(neighbour)))
}
