use super::AppState;
use super::answers::Always;
use crate::schema;
use axum::Json;
use axum::extract::State;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::NetworkId;
use fedcoin_node::wire::PROTOCOL_VERSION;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A network with all its rules, as a page needs them to run a node of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Network)]
pub struct NetworkView {
    /// The network's name.
    #[schema(example = "classroom")]
    pub name: String,
    /// The network's id: the id of its genesis block.
    #[schema(value_type = schema::NetworkId)]
    pub id: NetworkId,
    /// The network's rules.
    #[schema(value_type = schema::ChainParams)]
    pub params: ChainParams,
    /// The version of the gossip protocol that this node speaks.
    pub protocol: u16,
    /// The program's version.
    pub version: String,
}

/// The network, with all its rules
#[utoipa::path(get, path = "/network", tag = "chain", responses((status = 200, description = "Name, id and rules", body = NetworkView), Always))]
pub(super) async fn network(State(state): State<AppState>) -> Json<NetworkView> {
    let node = state.node.read();
    let params = node.chain().params().clone();
    Json(NetworkView {
        name: params.name.clone(),
        id: node.chain().network(),
        params,
        protocol: PROTOCOL_VERSION,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
