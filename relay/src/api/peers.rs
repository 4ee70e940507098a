use super::AppState;
use super::answers::{Always, NeighbourUnknown, PeerRefused};
use super::extract::{Body, Bounded, Params};
use crate::access::Requester;
use crate::problem::Problem;
use crate::schema;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use fedcoin_node::peers::MAX_NEIGHBOURS;
use fedcoin_node::{AbsentNeighbour, Command, Direction, Input, PeerAddress, PeerInfo};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A neighbour to stay connected to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Neighbour {
    /// `HOST:PORT` or a WebSocket URL.
    #[schema(value_type = schema::PeerAddress)]
    address: PeerAddress,
}

impl Bounded for Neighbour {
    /// An address has at most 256 bytes.
    const MAX_BYTES: usize = 10_000;
}

/// A connected node.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Peer)]
pub(super) struct PeerView {
    /// Identifies the connection.
    #[schema(minimum = 0)]
    peer: u64,
    #[schema(value_type = schema::Direction)]
    direction: Direction,
    #[schema(value_type = schema::PeerAddress)]
    address: PeerAddress,
    /// Round-trip time of the last ping in milliseconds.
    #[schema(required, minimum = 0)]
    ping_ms: Option<u32>,
    says: Claims,
}

/// What a peer claims about itself, unchecked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PeerClaims)]
struct Claims {
    /// The peer's program and version.
    user_agent: String,
    /// The best height that it has announced.
    #[schema(minimum = 0)]
    height: u32,
}

impl From<PeerInfo> for PeerView {
    fn from(info: PeerInfo) -> Self {
        let PeerInfo { peer, direction, address, user_agent, height, ping_ms } = info;
        Self { peer: peer.0, direction, address, ping_ms, says: Claims { user_agent, height: height.0 } }
    }
}

/// A neighbour that is not connected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AbsentNeighbour)]
pub(super) struct AbsentView {
    #[schema(value_type = schema::PeerAddress)]
    address: PeerAddress,
    /// Why the last dial or connection ended; `null` before the first has ended.
    #[schema(required)]
    problem: Option<String>,
    /// Consecutive failures.
    #[schema(minimum = 0)]
    failures: u32,
    /// Milliseconds until the next dial; `null` during a dial, and if the address is this node's own.
    #[schema(required, minimum = 0)]
    retry_ms: Option<u64>,
}

impl From<AbsentNeighbour> for AbsentView {
    fn from(info: AbsentNeighbour) -> Self {
        let AbsentNeighbour { address, problem, failures, retry_ms } = info;
        Self { address, problem: problem.map(|problem| problem.to_string()), failures, retry_ms }
    }
}

/// The connected peers, and neighbours that are not connected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Peers)]
pub(super) struct PeersView {
    /// Peers with a complete handshake.
    peers: Vec<PeerView>,
    /// Neighbours that are not connected.
    absent: Vec<AbsentView>,
}

/// The neighbour to remove.
#[derive(Clone, Debug, Deserialize, IntoParams)]
pub(super) struct Which {
    /// The neighbour's address.
    #[param(value_type = schema::PeerAddress)]
    address: PeerAddress,
}

/// The connected nodes, and neighbours that are not connected
///
/// `peers` lists nodes with a complete handshake, `absent` the configured addresses without a connection, each with the
/// reason.
#[utoipa::path(get, path = "/peers", tag = "node", operation_id = "peers", responses((status = 200, description = "The peers, and absent neighbours", body = PeersView), Always))]
pub(super) async fn list(State(state): State<AppState>) -> Json<PeersView> {
    let node = state.node.read();
    let peers = node.status().peers.into_iter().map(PeerView::from).collect();
    let absent = node.absent_neighbours().into_iter().map(AbsentView::from).collect();
    Json(PeersView { peers, absent })
}

/// Add a neighbour
///
/// The node stays connected to it from now on. Requires the node's cookie; web pages cannot use this operation.
#[utoipa::path(
    post,
    path = "/peers",
    tag = "node",
    operation_id = "add_peer",
    request_body = Neighbour,
    responses((status = 202, description = "The node will dial the neighbour", body = Neighbour), PeerRefused, Always)
)]
pub(super) async fn add(
    State(state): State<AppState>,
    requester: Requester,
    Body(neighbour): Body<Neighbour>,
) -> Result<(StatusCode, Json<Neighbour>), Problem> {
    requester.require_operator("neighbours can be added")?;
    if !state.node.read().has_room_for_neighbour(&neighbour.address) {
        let detail = format!("the node has {MAX_NEIGHBOURS} neighbours, the maximum: remove one first");
        return Err(Problem::unavailable(detail));
    }
    let command = Command::AddPeer { address: neighbour.address.clone() };
    if !state.node.inbox().send(Input::Command(command)).await {
        return Err(Problem::unavailable("the node is stopping"));
    }
    Ok((StatusCode::ACCEPTED, Json(neighbour)))
}

/// Remove a neighbour
///
/// The node no longer dials it. An open connection stays open. A node without neighbours mines alone. Requires the
/// node's cookie; web pages cannot use this operation.
#[utoipa::path(
    delete,
    path = "/peers",
    tag = "node",
    operation_id = "remove_peer",
    params(Which),
    responses((status = 202, description = "The node will no longer dial the neighbour"), NeighbourUnknown, Always)
)]
pub(super) async fn remove(
    State(state): State<AppState>,
    requester: Requester,
    Params(Which { address }): Params<Which>,
) -> Result<StatusCode, Problem> {
    requester.require_operator("neighbours can be removed")?;
    if !state.node.read().is_neighbour(&address) {
        return Err(Problem::not_found(format!("{address} is not a neighbour of this node")));
    }
    if !state.node.inbox().send(Input::Command(Command::RemovePeer { address })).await {
        return Err(Problem::unavailable("the node is stopping"));
    }
    Ok(StatusCode::ACCEPTED)
}
