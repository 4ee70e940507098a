//! What a key's owner has, and payments from it.

mod balance;
mod builder;
mod coin_selection;
mod order;
mod payment_uri;
mod plan;
mod replacement;

pub use balance::Balance;
pub use builder::{WalletError, build_payment};
pub use coin_selection::{Coin, MAX_COINS_PER_PAYMENT, select, spendable_coins};
pub use order::{Fee, PaymentOrder};
pub use payment_uri::{PaymentUri, PaymentUriError};
pub use plan::{Plan, largest_amount, plan_payment};
pub use replacement::{Waiting, plan_replacement};
