//! Payments that wait for a block.

mod entry;
mod fee_rate;
mod policy;
mod pool;
mod removal;
mod template;

pub use entry::PoolEntry;
pub use fee_rate::FeeRate;
pub use policy::{MAX_ANCESTORS, MAX_POOL_BYTES, MAX_POOL_PAYMENTS, PAYMENT_LIFETIME, PoolError};
pub use pool::Mempool;
pub use removal::PoolChange;
pub use template::Template;
