//! What a key's owner has, and payments from it.

mod balance;
mod builder;
mod coin_selection;
mod order;

pub use balance::Balance;
pub use builder::{WalletError, build_payment};
pub use coin_selection::{Coin, MAX_COINS_PER_PAYMENT, select, spendable_coins};
pub use order::{Fee, PaymentOrder};
