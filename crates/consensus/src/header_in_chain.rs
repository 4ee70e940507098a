use super::{ChainParams, HeaderError, MAX_FUTURE_TIME, MEDIAN_TIME_BLOCKS};
use fedcoin_primitives::Header;
use fedcoin_primitives::units::{CompactTarget, Timestamp};

/// What the headers before say about the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderContext {
    /// The target it must carry (rule H4).
    pub target: CompactTarget,
    /// The median time of the [`super::MEDIAN_TIME_BLOCKS`] headers before it, or of all when
    /// there are fewer (rule H5).
    pub median_time: Timestamp,
}

impl HeaderContext {
    /// Most headers that a context is made of.
    pub const MAX_HEADERS: usize = 41;

    /// The context that these headers make, the nearest first, down to genesis; of more than
    /// [`HeaderContext::MAX_HEADERS`] the others do not matter. Genesis at least must be there.
    #[must_use]
    pub fn after<'a>(before: impl Iterator<Item = &'a Header> + Clone, params: &ChainParams) -> Self {
        let target = params.retarget.next_target(params, before.clone().map(|h| (h.time, h.target)));
        let mut times: Vec<Timestamp> = before.take(MEDIAN_TIME_BLOCKS).map(|h| h.time).collect();
        times.sort_unstable();
        Self { target, median_time: times[times.len() / 2] }
    }
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
