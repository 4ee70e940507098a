//! Which blocks to fetch from whom.

mod downloads;

pub(crate) use downloads::Downloads;
