use super::{ChainParams, HeaderError, MAX_FUTURE_TIME, MEDIAN_TIME_BLOCKS};
use fedcoin_primitives::Header;
use fedcoin_primitives::units::{EasingTarget, Timestamp};

/// What earlier headers require of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderContext {
    /// The target it must have, by its time (rule H4).
    pub target: EasingTarget,
    /// The median time of the [`super::MEDIAN_TIME_BLOCKS`] headers before it, or of all if there are fewer (rule H5).
    pub median_time: Timestamp,
}

impl HeaderContext {
    /// Maximum number of headers that a context uses.
    pub const MAX_HEADERS: usize = 41;

    /// Makes the context from earlier headers, the nearest first, down to genesis. Headers beyond
    /// [`HeaderContext::MAX_HEADERS`] do not matter. At least genesis is required.
    #[must_use]
    pub fn after<'a>(before: impl Iterator<Item = &'a Header> + Clone, params: &ChainParams) -> Self {
        let target = params.retarget.next_target(params, before.clone().map(|h| (h.time, h.target)));
        let mut times: Vec<Timestamp> = before.take(MEDIAN_TIME_BLOCKS).map(|h| h.time).collect();
        times.sort_unstable();
        Self { target, median_time: times[times.len() / 2] }
    }
}

/// Checks a header against those before it and against the clock `wall`: rules H4 to H6.
///
/// # Errors
/// The first [`HeaderError`] found.
pub fn check_header_in_chain(header: &Header, context: &HeaderContext, wall: Timestamp) -> Result<(), HeaderError> {
    let expected = context.target.at(header.time);
    if header.target != expected {
        return Err(HeaderError::TargetValue { got: header.target, expected });
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
