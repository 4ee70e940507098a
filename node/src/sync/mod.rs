//! Which blocks and payments to fetch from whom.

mod downloads;
mod payment_requests;

pub(crate) use downloads::Downloads;
pub(crate) use payment_requests::PaymentRequests;
