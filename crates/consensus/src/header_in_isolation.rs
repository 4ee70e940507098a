use super::{HEADER_VERSION, HeaderError};
use fedcoin_primitives::units::Target;
use fedcoin_primitives::{Header, Identified};

/// Checks a header by the rules that need nothing else: H1 to H3. Returns the target that determines the header's work.
/// Whether it is the right target is rule H4.
///
/// The genesis header is exempt, because it is known by its id.
///
/// # Errors
/// The first [`HeaderError`] found.
pub fn check_header_in_isolation(header: impl Into<Identified<Header>>) -> Result<Target, HeaderError> {
    let header = header.into();
    if header.version != HEADER_VERSION {
        return Err(HeaderError::Version { got: header.version, expected: HEADER_VERSION });
    }
    let target = header.target.expand().map_err(|_| HeaderError::TargetForm { got: header.target })?;
    if !target.is_met_by(&header.id().0) {
        return Err(HeaderError::ProofOfWork { hash: header.id(), target: header.target });
    }
    Ok(target)
}
