use crate::key::Key;
use crate::reference;
use crate::verifier::{Check, Verifier};
use core::fmt;

/// The key of RFC 6979, A.2.5.
const KEY: [u8; 33] = [
    0x03, 0x60, 0xfe, 0xd4, 0xba, 0x25, 0x5a, 0x9d, 0x31, 0xc9, 0x61, 0xeb, 0x74, 0xc6, 0x35, 0x6d, 0x68, 0xc0, 0x49,
    0xb8, 0x92, 0x3b, 0x61, 0xfa, 0x6c, 0xe6, 0x69, 0x62, 0x2e, 0x60, 0xf2, 0x9f, 0xb6,
];
/// SHA-256 of "sample".
const DIGEST: [u8; 32] = [
    0xaf, 0x2b, 0xdb, 0xe1, 0xaa, 0x9b, 0x6e, 0xc1, 0xe2, 0xad, 0xe1, 0xd6, 0x94, 0xf4, 0x1f, 0xc7, 0x1a, 0x83, 0x1d,
    0x02, 0x68, 0xe9, 0x89, 0x15, 0x62, 0x11, 0x3d, 0x8a, 0x62, 0xad, 0xd1, 0xbf,
];
/// The signature of "sample" in RFC 6979, A.2.5.
const SIGNATURE: [u8; 64] = [
    0xef, 0xd4, 0x8b, 0x2a, 0xac, 0xb6, 0xa8, 0xfd, 0x11, 0x40, 0xdd, 0x9c, 0xd4, 0x5e, 0x81, 0xd6, 0x9d, 0x2c, 0x87,
    0x7b, 0x56, 0xaa, 0xf9, 0x91, 0xc3, 0x4d, 0x0e, 0xa8, 0x4e, 0xaf, 0x37, 0x16, 0xf7, 0xcb, 0x1c, 0x94, 0x2d, 0x65,
    0x7c, 0x41, 0xd4, 0x36, 0xc7, 0xa1, 0xb6, 0xe2, 0x9f, 0x65, 0xf3, 0xe9, 0x00, 0xdb, 0xb9, 0xaf, 0xf4, 0x06, 0x4d,
    0xc4, 0xab, 0x2f, 0x84, 0x3a, 0xcd, 0xa8,
];

/// The verifier and the reference disagree about a signature: a fault of this program, or of what runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement;

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fast signature check and p256 disagree")
    }
}

impl core::error::Error for Disagreement {}

impl Verifier {
    /// Compares with the reference a valid signature, and one wrong in each of digest, `r`, `s` and key: some
    /// milliseconds.
    ///
    /// # Errors
    /// [`Disagreement`].
    pub fn self_test(&self) -> Result<(), Disagreement> {
        let flipped = |bytes: &mut [u8], place: usize| bytes[place] ^= 1;
        let mut cases = [(KEY, DIGEST, SIGNATURE); 5];
        flipped(&mut cases[1].1, 31);
        flipped(&mut cases[2].2, 31);
        flipped(&mut cases[3].2, 63);
        flipped(&mut cases[4].0, 0);
        let keys = Key::prepare(&cases.map(|(key, ..)| key));
        let mut checks = Vec::with_capacity(cases.len());
        for (key, (_, digest, signature)) in keys.iter().zip(&cases) {
            checks.push(Check { key: key.as_ref().ok_or(Disagreement)?, digest, signature });
        }
        let found = self.verify(&checks);
        let expected = cases.map(|(key, digest, signature)| reference::verifies(&key, &digest, &signature));
        let agree = found == expected && expected == [true, false, false, false, false];
        if agree { Ok(()) } else { Err(Disagreement) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tables_are_noticed() {
        let verifier = Verifier::new();
        assert_eq!(verifier.self_test(), Ok(()));
        assert_eq!(verifier.with_tables_swapped().self_test(), Err(Disagreement));
    }
}
