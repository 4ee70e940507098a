//! Rules E5 and E6: keys, addresses, signatures.

use super::json::named;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Address, PrivateKey, PublicKey, Signature};
use fedcoin_testkit::ledger::key;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The private keys of the course's lesson on mining.
pub(crate) const LESSON_GENESIS: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042012bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0a144034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";
pub(crate) const LESSON_A: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042075189dae1d094c49143d0773fd8860bab4d012112e3da1e9628bd9c0f4d50befa14403420004a557c098f9fd58388690eb4633bc81f2a4e2ae341f2b81dbaef27f8aef686fb793632412ad7d557d8f5d57077d59b9491997cbf4480dabf980f675a29a3ce370";
/// The course reveals only the public part of this key.
const LESSON_B: &str = "3059301306072a8648ce3d020106082a8648ce3d03010703420004d4eb72cc94978f09f96d981214b10da0d06c75797acada7dd844ace222026330e7817f0cb6088ed7000f916e01ba3497c696177b72a1ddfbbbd1db6914410389";
/// The key of RFC 6979, appendix A.2.5.
const RFC_6979: &str = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
/// The order of the curve P-256.
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

pub(crate) fn chapter() -> Value {
    json!({ "keys": named(keys()), "signatures": named(signatures()), "not_addresses": named(not_addresses()) })
}

pub(crate) fn private(hex: &str) -> PrivateKey {
    PrivateKey::from_hex(hex).unwrap()
}

fn rfc_6979() -> PrivateKey {
    PrivateKey::from_random(&hex::decode(RFC_6979).unwrap().try_into().unwrap()).unwrap()
}

fn keys() -> Vec<(&'static str, Value)> {
    vec![
        ("the lesson's genesis", pair(&private(LESSON_GENESIS))),
        ("the lesson's a", pair(&private(LESSON_A))),
        ("the lesson's b", public(&PublicKey::from_hex(LESSON_B).unwrap())),
        ("32 times the byte 1", pair(&key(1))),
        ("32 times the byte 2", pair(&key(2))),
        ("32 times the byte 3", pair(&key(3))),
        ("RFC 6979, A.2.5", pair(&rfc_6979())),
    ]
}

fn pair(key: &PrivateKey) -> Value {
    let hex = key.to_hex();
    assert_eq!(private(&hex).public_key(), key.public_key());
    let mut case = public(&key.public_key());
    case["private"] = hex.into();
    case
}

fn public(key: &PublicKey) -> Value {
    let (hex, address) = (key.to_hex().unwrap(), key.address());
    assert_eq!(PublicKey::from_hex(&hex).as_ref(), Ok(key));
    assert_eq!(address.to_string().parse(), Ok(address));
    json!({
        "public": hex,
        "compressed": key,
        "address_bytes": hex::encode(address.0),
        "address": address,
    })
}

fn signatures() -> Vec<(&'static str, Value)> {
    vec![
        ("RFC 6979, A.2.5, sample", signature(&rfc_6979(), b"sample")),
        ("RFC 6979, A.2.5, test", signature(&rfc_6979(), b"test")),
        ("the lesson's genesis, nothing", signature(&private(LESSON_GENESIS), b"")),
        ("32 times the byte 1, a message", signature(&key(1), b"a message")),
    ]
}

/// The signature, and the other one with a high `s`, which is valid apart from rule T8.
fn signature(key: &PrivateKey, message: &[u8]) -> Value {
    let low = key.sign(message);
    let high = other_s(&low);
    assert!(low.is_low_s() && !high.is_low_s());
    for signature in [&low, &high] {
        assert!(key.public_key().verifies(message, signature));
        assert!(!key.public_key().verifies(b"another message", signature));
    }
    json!({
        "compressed": key.public_key(),
        "message": hex::encode(message),
        "signature": low,
        "high_s": high,
    })
}

/// The signature whose `s` is the curve's order minus this one's.
pub(crate) fn other_s(signature: &Signature) -> Signature {
    let mut bytes = *signature.as_bytes();
    let mut borrow = 0;
    for (digit, order) in bytes[32..].iter_mut().zip(hex::decode(ORDER).unwrap()).rev() {
        let difference = i16::from(order) - i16::from(*digit) - borrow;
        borrow = i16::from(difference < 0);
        *digit = u8::try_from(difference.rem_euclid(256)).unwrap();
    }
    Signature::from_bytes(bytes)
}

fn not_addresses() -> Vec<(&'static str, Value)> {
    let good = private(LESSON_GENESIS).public_key().address().to_string();
    let cases = vec![
        ("a character changed", good.replace("n5", "n4")),
        ("a character missing", good[..good.len() - 1].to_owned()),
        ("large and small letters", good.replacen('f', "F", 1)),
        ("without a prefix", good[4..].to_owned()),
        ("of another prefix", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0".to_owned()),
        ("nothing", String::new()),
    ];
    cases
        .into_iter()
        .map(|(name, text)| {
            assert!(text.parse::<Address>().is_err(), "{name}");
            (name, text.into())
        })
        .collect()
}

#[test]
fn genesis_blocks_pay_the_key_of_the_course() {
    let owner = private(LESSON_GENESIS).public_key().address();
    assert_eq!(ChainParams::classroom().genesis.recipient, owner);
}

#[test]
fn signatures_match_rfc_6979_with_the_lower_s() {
    // As printed there. The protocol uses the lower of `s` and the order minus `s`.
    for (message, r, s, is_low) in [
        (
            "sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            false,
        ),
        (
            "test",
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
            true,
        ),
    ] {
        let printed = Signature::from_bytes(hex::decode([r, s].concat()).unwrap().try_into().unwrap());
        assert_eq!(rfc_6979().sign(message.as_bytes()), if is_low { printed } else { other_s(&printed) });
    }
}
