use fedcoin_node::primitives::sha256;
use fedcoin_node::{SignatureCheck, Verdict};
use std::collections::BTreeMap;

/// Checks each signature once for the whole network. It grows with the payments.
#[derive(Debug, Default)]
pub(crate) struct Verifier {
    known: BTreeMap<[u8; 32], bool>,
}

impl Verifier {
    pub(crate) fn verdict(&mut self, check: &SignatureCheck) -> Verdict {
        let id = sha256(&[check.key.as_bytes(), check.signature.as_bytes(), &check.message]);
        let valid = *self.known.entry(id).or_insert_with(|| check.run());
        if valid { Verdict::Valid } else { Verdict::Invalid }
    }
}
