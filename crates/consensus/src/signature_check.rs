use fedcoin_primitives::{NetworkId, Payment, PublicKey, Signature};
use serde::{Deserialize, Serialize};

/// One signature to check (rule T9): ECDSA over P-256 with SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureCheck {
    /// The signer's key, which may be invalid.
    pub key: PublicKey,
    /// The bytes signed, before hashing.
    pub message: Vec<u8>,
    /// The signature, known to be low-s.
    pub signature: Signature,
}

impl SignatureCheck {
    /// The signature check that a payment on this network needs.
    #[must_use]
    pub fn of(payment: &Payment, network: NetworkId) -> Self {
        Self {
            key: payment.unsigned.sender,
            message: payment.unsigned.signing_message(network),
            signature: payment.signature,
        }
    }

    /// The reference implementation. Drivers may use faster ones that agree with it.
    #[must_use]
    pub fn run(&self) -> bool {
        self.key.verifies(&self.message, &self.signature)
    }
}
