use super::answers::{Always, PeerRefused};
use super::extract::Body;
use super::{AppState, Problem, schema};
use crate::http::Requester;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use fedcoin_node::{Command, Input, PeerAddress, PeerInfo};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A neighbour to keep a connection to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Neighbour {
    /// `HOST:PORT` or a WebSocket URL.
    #[schema(value_type = schema::PeerAddress)]
    address: PeerAddress,
}

/// The nodes connected to this one
///
/// Those whose handshake is complete.
#[utoipa::path(get, path = "/peers", tag = "node", operation_id = "peers", responses((status = 200, description = "The peers", body = Vec<schema::PeerInfo>), Always))]
pub(super) async fn list(State(state): State<AppState>) -> Json<Vec<PeerInfo>> {
    Json(state.node.read().status().peers)
}

/// Keep a connection to another node from now on
///
/// Only for programs on the node's own machine, and not for web pages.
#[utoipa::path(
    post,
    path = "/peers",
    tag = "node",
    operation_id = "add_peer",
    request_body = Neighbour,
    responses((status = 202, description = "The node will dial it", body = Neighbour), PeerRefused, Always)
)]
pub(super) async fn add(
    State(state): State<AppState>,
    requester: Requester,
    Body(neighbour): Body<Neighbour>,
) -> Result<(StatusCode, Json<Neighbour>), Problem> {
    requester.must_be_own_machine("neighbours are added")?;
    let command = Command::AddPeer { address: neighbour.address.clone() };
    if !state.node.inbox().give(Input::Command(command)).await {
        return Err(Problem::unavailable("the node is stopping"));
    }
    Ok((StatusCode::ACCEPTED, Json(neighbour)))
}
