//! Rules H1 to H6.

use crate::solved_header;
use fedcoin_node::consensus::{HeaderContext, HeaderError, check_header_in_chain, check_header_in_isolation};
use fedcoin_node::primitives::Header;
use fedcoin_node::units::{CompactTarget, EasingTarget, Timestamp};

pub(crate) fn h1() -> HeaderError {
    assert_eq!(check_header_in_isolation(solved_header()), Ok(CompactTarget(0x207f_ffff).expand().unwrap()));
    check_header_in_isolation(Header { version: 2, ..solved_header() }).unwrap_err()
}

pub(crate) fn h2() -> HeaderError {
    check_header_in_isolation(Header { target: CompactTarget(0x2000_ffff), ..solved_header() }).unwrap_err()
}

pub(crate) fn h3() -> HeaderError {
    check_header_in_isolation(Header { target: CompactTarget(0x0301_0000), ..solved_header() }).unwrap_err()
}

fn in_chain(target: u32, time: u64) -> Result<(), HeaderError> {
    in_easing_chain(target, time, EasingTarget::fixed(CompactTarget(0x207f_ffff)))
}

fn in_easing_chain(target: u32, time: u64, needed: EasingTarget) -> Result<(), HeaderError> {
    let context = HeaderContext { target: needed, median_time: Timestamp(1_000_000) };
    let header = Header { target: CompactTarget(target), time: Timestamp(time), ..solved_header() };
    check_header_in_chain(&header, &context, Timestamp(2_000_000))
}

pub(crate) fn h4() -> HeaderError {
    // Where the target eases, a header's own time decides.
    let (in_time, easiest) = (CompactTarget(0x207f_ffff), CompactTarget(0x20ff_ffff));
    let needed = EasingTarget::new(in_time, easiest, Timestamp(1_500_000), 1_000);
    for (target, time, obeys) in [
        (0x207f_ffff, 1_500_000, true),
        (0x207f_ffff, 1_500_001, false),
        (0x20ff_fffe, 1_500_000, false),
        (0x20ff_fffe, 1_501_000, true),
        (0x20ff_ffff, 1_501_001, true),
    ] {
        assert_eq!(in_easing_chain(target, time, needed).is_ok(), obeys, "{target:x} at {time}");
    }
    in_chain(0x1f7f_ffff, 2_000_000).unwrap_err()
}

pub(crate) fn h5() -> HeaderError {
    assert_eq!(in_chain(0x207f_ffff, 1_000_001), Ok(()));
    in_chain(0x207f_ffff, 1_000_000).unwrap_err()
}

pub(crate) fn h6() -> HeaderError {
    assert_eq!(in_chain(0x207f_ffff, 2_120_000), Ok(()));
    in_chain(0x207f_ffff, 2_120_001).unwrap_err()
}

#[test]
fn header_errors_have_found_and_expected_values() {
    assert_eq!(h1(), HeaderError::Version { got: 2, expected: 1 });
    assert_eq!(h2(), HeaderError::TargetForm { got: CompactTarget(0x2000_ffff) });
    let target = CompactTarget(0x0301_0000);
    assert_eq!(h3(), HeaderError::ProofOfWork { hash: Header { target, ..solved_header() }.id(), target });
    assert_eq!(
        h4(),
        HeaderError::TargetValue { got: CompactTarget(0x1f7f_ffff), expected: CompactTarget(0x207f_ffff) }
    );
    assert_eq!(h5(), HeaderError::TimeTooOld { got: Timestamp(1_000_000), median: Timestamp(1_000_000) });
    assert_eq!(h6(), HeaderError::TimeTooNew { got: Timestamp(2_120_001), max: Timestamp(2_120_000) });
    assert!(h6().is_temporary());
    assert!([h1(), h2(), h3(), h4(), h5()].iter().all(|error| !error.is_temporary()));
}
