//! The mempool: payments that wait for a block, and the selection for the next block.
#![forbid(unsafe_code)]

mod admission;
mod coming_block;
mod dropped;
mod entry;
mod error;
mod estimate;
mod fee_rate;
mod package;
mod policy;
mod pool;
mod readmission;
mod removal;
mod rising_minimum;
mod room;
mod selection;
mod template;

pub use admission::PoolContext;
pub use coming_block::ComingBlock;
pub use dropped::{DropReason, Dropped};
pub use entry::PoolEntry;
pub use error::PoolError;
pub use estimate::FeeEstimate;
pub use fee_rate::{FeeRate, ParseFeeRateError};
pub use package::Package;
pub use policy::{
    FEE_STEP, MAX_ANCESTORS, MAX_DESCENDANTS, MAX_PACKAGE_BYTES, MAX_REPLACED, MINIMUM_HALF_LIFE, PAYMENT_LIFETIME,
    PoolPolicy,
};
pub use pool::Mempool;
pub use readmission::Readmission;
pub use removal::PoolChange;
pub use template::Template;
