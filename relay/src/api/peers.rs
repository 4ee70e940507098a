use super::answers::{Always, PeerRefused};
use super::extract::{Body, Bounded};
use super::{AppState, Problem, schema};
use crate::http::Requester;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use fedcoin_node::{Command, Direction, Input, PeerAddress, PeerInfo};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A neighbour to keep a connection to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Neighbour {
    /// `HOST:PORT` or a WebSocket URL.
    #[schema(value_type = schema::PeerAddress)]
    address: PeerAddress,
}

impl Bounded for Neighbour {
    /// An address has at most 256.
    const MAX_BYTES: usize = 10_000;
}

/// A node connected to this one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Peer)]
pub(super) struct PeerView {
    /// Names the connection.
    #[schema(minimum = 0)]
    peer: u64,
    #[schema(value_type = schema::Direction)]
    direction: Direction,
    #[schema(value_type = schema::PeerAddress)]
    address: PeerAddress,
    /// Round trip of the last ping in milliseconds.
    #[schema(required, minimum = 0)]
    ping_ms: Option<u32>,
    says: Claims,
}

/// What a peer says of itself. Nothing of it is checked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PeerClaims)]
struct Claims {
    /// What program it is.
    user_agent: String,
    /// The best height it has told.
    #[schema(minimum = 0)]
    height: u32,
}

impl From<PeerInfo> for PeerView {
    fn from(info: PeerInfo) -> Self {
        let PeerInfo { peer, direction, address, user_agent, height, ping_ms } = info;
        Self { peer: peer.0, direction, address, ping_ms, says: Claims { user_agent, height: height.0 } }
    }
}

/// The nodes connected to this one
///
/// Those whose handshake is complete.
#[utoipa::path(get, path = "/peers", tag = "node", operation_id = "peers", responses((status = 200, description = "The peers", body = Vec<PeerView>), Always))]
pub(super) async fn list(State(state): State<AppState>) -> Json<Vec<PeerView>> {
    Json(state.node.read().status().peers.into_iter().map(PeerView::from).collect())
}

/// Keep a connection to another node from now on
///
/// Only for who has the node's cookie, and not for web pages.
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
