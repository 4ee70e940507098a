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

impl HeaderContext {
    /// The context after headers with these times, the nearest [`super::MEDIAN_TIME_BLOCKS`] of
    /// them or fewer, in any order. Of an even number the later of the two middle times counts.
    #[must_use]
    pub fn new(target: CompactTarget, times: impl IntoIterator<Item = Timestamp>) -> Self {
        let mut times: Vec<Timestamp> = times.into_iter().collect();
        times.sort_unstable();
        Self { target, median_time: times.get(times.len() / 2).copied().unwrap_or_default() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let median = |times: &[u64]| {
            HeaderContext::new(CompactTarget(1), times.iter().copied().map(Timestamp)).median_time.0
        };
        assert_eq!(median(&[]), 0);
        assert_eq!(median(&[7]), 7);
        assert_eq!(median(&[7, 5]), 7);
        assert_eq!(median(&[9, 1, 5]), 5);
        assert_eq!(median(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), 6);
    }
}
