use super::AppState;
use super::answers::{Always, BadRequest};
use super::extract::{self, Params, Segment};
use crate::problem::Problem;
use crate::schema;
use axum::Json;
use axum::extract::State;
use fedcoin_node::primitives::Address;
use fedcoin_node::units::Amount;
use fedcoin_node::wallet::{Balance, Coin, MAX_COINS_PER_PAYMENT};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Maximum coins in one answer: as many as one payment can spend.
const MAX_COINS: u32 = MAX_COINS_PER_PAYMENT as u32;

/// The owner of the coins.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "describes the path, which is parsed by the handler")]
pub(super) struct OwnerPath {
    /// An address, or a public key (SPKI DER) in hex.
    #[param(
        pattern = "^(fed1[02-9ac-hj-np-z]{38}|FED1[02-9AC-HJ-NP-Z]{38}|30[0-9a-fA-F]{90,240})$",
        example = json!(schema::ADDRESS)
    )]
    address: String,
}

/// The balance of an address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Balance)]
pub(super) struct BalanceView {
    #[schema(value_type = schema::Address)]
    address: Address,
    /// Sum of its unspent outputs on the primary chain.
    #[schema(value_type = schema::Amount)]
    confirmed: Amount,
    /// What payments of others in the mempool pay to it.
    #[schema(value_type = schema::Amount)]
    pending_in: Amount,
    /// What its payments in the mempool pay to others, fees included.
    #[schema(value_type = schema::Amount)]
    pending_out: Amount,
    /// The part of `confirmed` that the next block may not spend yet (rule C4).
    #[schema(value_type = schema::Amount)]
    immature: Amount,
    /// What it can spend now: mature outputs that no payment in the mempool spends, and its own change there.
    #[schema(value_type = schema::Amount)]
    spendable: Amount,
}

/// The coins that an address can spend now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Coins)]
pub struct CoinsView {
    /// The address.
    #[schema(value_type = schema::Address)]
    pub address: Address,
    /// The coins, in the recommended order of spending.
    #[schema(value_type = Vec<schema::Coin>)]
    pub coins: Vec<Coin>,
    /// Number of coins in all.
    pub total: usize,
}

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// Number of entries to skip.
    #[param(value_type = u32, required = false, minimum = 0, default = 0, example = 0)]
    offset: Option<u32>,
    /// Maximum number of coins to return. One payment may spend 1,000.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 1_000, default = 1_000, example = 100)]
    limit: Option<u32>,
}

/// The balance of an address
#[utoipa::path(
    get,
    path = "/addresses/{address}/balance",
    tag = "addresses",
    operation_id = "balance",
    params(OwnerPath),
    responses((status = 200, description = "The balance, by kind", body = BalanceView), BadRequest, Always)
)]
pub(super) async fn balance(
    State(state): State<AppState>,
    Segment(address): Segment,
) -> Result<Json<BalanceView>, Problem> {
    let address = extract::address(&address)?;
    let (holdings, pending) = state.coins.of(state.node, address, move |node| node.pending(&address)).await?;
    let balance = Balance::of(holdings.confirmed, &pending);
    let Balance { confirmed, pending_in, pending_out, immature, spendable } = balance;
    Ok(Json(BalanceView { address, confirmed, pending_in, pending_out, immature, spendable }))
}

/// The coins that an address can spend now
///
/// Unspent outputs that are mature and that no payment in the mempool spends, and the address's own change in the
/// mempool, in the recommended order of spending. The list changes with each block.
#[utoipa::path(
    get,
    path = "/addresses/{address}/utxos",
    tag = "addresses",
    operation_id = "coins",
    params(OwnerPath, Part),
    responses((status = 200, description = "Its coins", body = CoinsView), BadRequest, Always)
)]
pub(super) async fn coins(
    State(state): State<AppState>,
    Segment(address): Segment,
    Params(part): Params<Part>,
) -> Result<Json<CoinsView>, Problem> {
    let address = extract::address(&address)?;
    let limit = extract::within("limit", part.limit, MAX_COINS, 1..=MAX_COINS)?;
    let (holdings, pending) = state.coins.of(state.node, address, move |node| node.pending(&address)).await?;
    let total = pending.spendable_count(holdings.mature.len());
    let (offset, limit) = (part.offset.unwrap_or(0) as usize, limit as usize);
    let coins = pending.spendable(&holdings.mature).skip(offset).take(limit).collect();
    Ok(Json(CoinsView { address, coins, total }))
}
