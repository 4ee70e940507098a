//! Rules E2 and E3, and headers that violate H1 to H3.

use super::json::{hex_of, named};
use fedcoin_node::codec::{decode, encode};
use fedcoin_node::consensus::check_header_in_isolation;
use fedcoin_node::pow::search;
use fedcoin_node::primitives::{BlockId, Commitment, Header};
use fedcoin_node::units::{CompactTarget, Timestamp};
use serde_json::{Value, json};

pub(crate) fn chapter() -> Value {
    let counted = Header {
        version: 1,
        salt: 2,
        previous: BlockId(core::array::from_fn(|n| u8::try_from(n).unwrap())),
        commitment: Commitment(core::array::from_fn(|n| u8::try_from(32 + n).unwrap())),
        time: Timestamp(3),
        target: CompactTarget(0x1eff_ffff),
        nonce: 4,
    };
    let full = Header {
        version: u32::MAX,
        salt: u32::MAX,
        previous: BlockId([0xff; 32]),
        commitment: Commitment([0xff; 32]),
        time: Timestamp(u64::from(u32::MAX) << 16),
        target: CompactTarget(0x207f_ffff),
        nonce: u32::MAX,
    };
    let worked = solved(Header { salt: 7, time: Timestamp(1_700_000_000_000), nonce: 0, ..counted });
    assert!(check_header_in_isolation(worked).is_ok());
    let headers = [("of small numbers", counted), ("of large numbers", full), ("with its work", worked)];
    json!({
        "headers": named(headers.map(|(name, header)| (name, case(&header)))),
        "refused": named(refused(worked)),
    })
}

/// The header with the first nonce that meets the target.
fn solved(header: Header) -> Header {
    let nonce = search(&header, header.target.expand().unwrap(), header.salt, 0..1 << 32).unwrap();
    Header { nonce, ..header }
}

fn case(header: &Header) -> Value {
    assert_eq!(decode::<Header>(&encode(header)).as_ref(), Ok(header));
    json!({ "header": header, "bytes": hex_of(header), "id": header.id(), "id_bytes": hex::encode(header.id().0) })
}

fn refused(good: Header) -> Vec<(&'static str, Value)> {
    let forms = [
        ("a target of zero", 0),
        ("a target in a longer form", 0x1f00_ffff),
        ("a target above 256 bits", 0x2101_0000),
        ("a target that is no whole number, e = 2", 0x0212_3456),
        ("a target that is no whole number, e = 1", 0x0112_3400),
        ("a target below one", 0x0012_3456),
    ];
    let mut cases = vec![
        ("another version", "H1", solved(Header { version: 2, ..good })),
        ("without its work", "H3", Header { nonce: good.nonce + 1, ..good }),
    ];
    cases.extend(forms.map(|(name, target)| (name, "H2", Header { target: CompactTarget(target), ..good })));
    let refused = |(name, rule, header): (&'static str, &str, Header)| {
        assert_eq!(check_header_in_isolation(header).unwrap_err().rule(), rule, "{name}");
        (name, json!({ "rule": rule, "bytes": hex_of(&header) }))
    };
    cases.into_iter().map(refused).collect()
}
