//! Checks of ECDSA signatures over P-256 with SHA-256, made for WebAssembly, where the crate `p256` is slow.
//!
//! **For public data only**: time and memory accesses depend on what is checked. Nothing here may touch a secret.
//!
//! It accepts and refuses exactly what `p256` does ([`reference`](mod@reference)), and differs in how it calculates:
//!
//! | part | way |
//! |---|---|
//! | `field`: numbers modulo `p` | 9 signed limbs of 29 bits, as fits WebAssembly's multiplication, in Montgomery's form |
//! | `point`: sums of points | the usual incomplete formulas; where they do not hold, `p256` decides |
//! | `table`: multiples of keys and of the generator | made once for a key, which the caller keeps |
//! | `verifier`: `u1 * G + u2 * Q` | non-adjacent forms of halved scalars, all with the same 128 doublings |
//! | `scalar`: numbers modulo the order | by `p256`, with one division for many signatures |
//!
//! Sources: SEC 1 and SEC 2 (secg.org, version 2.0) for the rules; Hankerson, Menezes and Vanstone, *Guide to Elliptic
//! Curve Cryptography* (2004) for algorithms; the Explicit-Formulas Database (hyperelliptic.org/EFD, short Weierstrass
//! curves with `a = -3`, Jacobian coordinates) for sums of points.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by it"))]

mod digits;
mod field;
mod key;
mod point;
pub mod reference;
mod scalar;
mod self_test;
mod table;
mod verifier;

pub use key::Key;
pub use self_test::Disagreement;
pub use verifier::{Check, Verifier};
