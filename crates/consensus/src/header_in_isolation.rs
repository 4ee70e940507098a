use super::{HEADER_VERSION, HeaderError};
use fedcoin_primitives::Header;
use fedcoin_primitives::units::Target;

/// Checks all of a header that needs nothing else: rules H1 to H3. The target returned is what
/// the header's work counts by; whether it is the right one is rule H4.
///
/// The genesis header is exempt: it is known by its id.
///
/// # Errors
/// The first [`HeaderError`] found.
pub fn check_header_in_isolation(header: &Header) -> Result<Target, HeaderError> {
    if header.version != HEADER_VERSION {
        return Err(HeaderError::Version { got: header.version, expected: HEADER_VERSION });
    }
    let target = header.target.expand().map_err(|_| HeaderError::TargetForm { got: header.target })?;
    let id = header.id();
    if !target.is_met_by(&id.0) {
        return Err(HeaderError::ProofOfWork { hash: id, target: header.target });
    }
    Ok(target)
}
