use super::{HeaderError, MAX_FUTURE_TIME};
use crate::primitives::Header;
use crate::units::{CompactTarget, Timestamp};

/// What the headers before say about the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderContext {
    /// The target it must carry (rule H4).
    pub target: CompactTarget,
    /// The median time of the [`super::MEDIAN_TIME_BLOCKS`] headers before it, or of all when
    /// there are fewer (rule H5).
    pub median_time: Timestamp,
}

/// Checks what a header must have in common with those before it, and with the clock `wall`:
/// rules H4 to H6.
///
/// # Errors
/// The first [`HeaderError`] found.
pub fn check_header_in_chain(header: &Header, context: &HeaderContext, wall: Timestamp) -> Result<(), HeaderError> {
    if header.target != context.target {
        return Err(HeaderError::TargetValue { got: header.target, expected: context.target });
    }
    if header.time <= context.median_time {
        return Err(HeaderError::TimeTooOld { got: header.time, median: context.median_time });
    }
    let max = wall.after(MAX_FUTURE_TIME);
    if header.time > max {
        return Err(HeaderError::TimeTooNew { got: header.time, max });
    }
    Ok(())
}
