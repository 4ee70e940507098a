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
    /// The best height it has announced.
    #[schema(minimum = 0)]
    height: u32,
}

impl From<PeerInfo> for PeerView {
    fn from(info: PeerInfo) -> Self {
        let PeerInfo { peer, direction, address, user_agent, height, ping_ms } = info;
        Self { peer: peer.0, direction, address, ping_ms, says: Claims { user_agent, height: height.0 } }
    }
}

/// An address to stay connected to at which there is no peer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AbsentNeighbour)]
pub(super) struct AbsentView {
    #[schema(value_type = schema::PeerAddress)]
    address: PeerAddress,
    /// Why the last dial or connection ended; `null` before the first has.
    #[schema(required)]
    problem: Option<String>,
    /// Failures in a row.
    #[schema(minimum = 0)]
    failures: u32,
    /// When it is dialled again, in milliseconds from now; `null` while it is being dialled, and where it is this node
    /// itself.
    #[schema(required, minimum = 0)]
    retry_ms: Option<u64>,
}

impl From<AbsentNeighbour> for AbsentView {
    fn from(info: AbsentNeighbour) -> Self {
        let AbsentNeighbour { address, problem, failures, retry_ms } = info;
        Self { address, problem, failures, retry_ms }
    }
}

/// The connected peers, and the neighbours that are not connected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Peers)]
pub(super) struct PeersView {
    /// Peers whose handshake is complete.
    peers: Vec<PeerView>,
    /// Addresses to stay connected to at which there is no peer.
    absent: Vec<AbsentView>,
}

/// Which neighbour.
#[derive(Clone, Debug, Deserialize, IntoParams)]
pub(super) struct Which {
    /// Its address.
    #[param(value_type = schema::PeerAddress)]
    address: PeerAddress,
}

/// The nodes connected to this one, and neighbours that are not
///
/// `peers` are those whose handshake is complete, `absent` the addresses to stay connected to at which there is none,
/// and why.
#[utoipa::path(get, path = "/peers", tag = "node", operation_id = "peers", responses((status = 200, description = "The peers, and absent neighbours", body = PeersView), Always))]
pub(super) async fn list(State(state): State<AppState>) -> Json<PeersView> {
    let node = state.node.read();
    let peers = node.status().peers.into_iter().map(PeerView::from).collect();
    let absent = node.absent_neighbours().into_iter().map(AbsentView::from).collect();
    Json(PeersView { peers, absent })
}

/// Keep a connection to another node from now on
///
/// Requires the node's cookie; web pages cannot use it.
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
    requester.require_operator("neighbours are added")?;
    if !state.node.read().has_room_for_neighbour(&neighbour.address) {
        let detail = format!("the node has {MAX_NEIGHBOURS} neighbours, as many as it may: remove one first");
        return Err(Problem::unavailable(detail));
    }
    let command = Command::AddPeer { address: neighbour.address.clone() };
    if !state.node.inbox().send(Input::Command(command)).await {
        return Err(Problem::unavailable("the node is stopping"));
    }
    Ok((StatusCode::ACCEPTED, Json(neighbour)))
}

/// Keep a connection to another node no longer
///
/// A connection that stands is not closed. A node without neighbours mines alone. Requires the node's cookie;
/// web pages cannot use it.
#[utoipa::path(
    delete,
    path = "/peers",
    tag = "node",
    operation_id = "remove_peer",
    params(Which),
    responses((status = 202, description = "The node will dial it no more"), NeighbourUnknown, Always)
)]
pub(super) async fn remove(
    State(state): State<AppState>,
    requester: Requester,
    Params(Which { address }): Params<Which>,
) -> Result<StatusCode, Problem> {
    requester.require_operator("neighbours are removed")?;
    if !state.node.read().is_neighbour(&address) {
        return Err(Problem::not_found(format!("{address} is not among the addresses to stay connected to")));
    }
    if !state.node.inbox().send(Input::Command(Command::RemovePeer { address })).await {
        return Err(Problem::unavailable("the node is stopping"));
    }
    Ok(StatusCode::ACCEPTED)
}
