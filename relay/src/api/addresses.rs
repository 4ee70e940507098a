use super::{AppState, Problem, extract};
use axum::Json;
use axum::extract::{Path, State};
use fedcoin_node::primitives::Address;
use fedcoin_node::wallet::{Balance, Coin, MAX_COINS_PER_PAYMENT};
use serde::{Deserialize, Serialize};

/// What an address has.
#[derive(Debug, Serialize)]
pub(super) struct BalanceView {
    address: Address,
    #[serde(flatten)]
    balance: Balance,
}

/// What an address can spend now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoinsView {
    /// The address.
    pub address: Address,
    /// Its coins, in the order to spend them in: at most as many as one payment may spend.
    pub coins: Vec<Coin>,
    /// How many coins it has in all.
    pub total: usize,
}

/// `GET /addresses/ADDRESS/balance`
pub(super) async fn balance(
    State(state): State<AppState>,
    Path(address): Path<String>,
) -> Result<Json<BalanceView>, Problem> {
    let address = extract::address(&address)?;
    let balance = state.node.read().balance(&address);
    Ok(Json(BalanceView { address, balance }))
}

/// `GET /addresses/ADDRESS/utxos`
pub(super) async fn coins(
    State(state): State<AppState>,
    Path(address): Path<String>,
) -> Result<Json<CoinsView>, Problem> {
    let address = extract::address(&address)?;
    let mut coins = state.node.read().spendable_coins(&address);
    let total = coins.len();
    coins.truncate(MAX_COINS_PER_PAYMENT);
    Ok(Json(CoinsView { address, coins, total }))
}
