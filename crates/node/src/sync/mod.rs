//! Which blocks and payments to fetch from whom.

mod compact_downloads;
mod downloads;
mod partial_block;
mod payment_requests;

pub(crate) use compact_downloads::CompactDownloads;
pub(crate) use downloads::Downloads;
pub(crate) use partial_block::PartialBlock;
pub(crate) use payment_requests::{PaymentRequests, Told};
