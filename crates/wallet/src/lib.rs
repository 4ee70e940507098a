//! Balances of a key's owner, and payments from it.
#![forbid(unsafe_code)]

mod balance;
mod builder;
mod coin_selection;
mod confirmed;
mod high_fee;
mod order;
mod payment_uri;
mod pending;
mod plan;
mod replacement;

pub use balance::Balance;
pub use builder::{WalletError, build_payment};
pub use coin_selection::{Coin, MAX_COINS_PER_PAYMENT, select, sort_coins, spendable_coins};
pub use confirmed::{Confirmed, mature_coins};
pub use high_fee::is_high_fee;
pub use order::{Fee, PaymentOrder, Sum};
pub use payment_uri::{PaymentUri, PaymentUriError};
pub use pending::Pending;
pub use plan::{MAX_PARTS, Plan, plan_payment, plan_payments};
pub use replacement::{Waiting, plan_replacement};
