//! WebCrypto and the reference agree on every kind of signature.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_node::primitives::{PrivateKey, PublicKey, Signature};
use fedcoin_node::{BatchId, SignatureCheck, Verdict};
use futures::StreamExt;
use futures::channel::mpsc::unbounded;
use node_wasm::messages::VerifierKind;
use node_wasm::verifier::{Verified, Verifier};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn key(number: u8) -> PrivateKey {
    PrivateKey::from_random(&[number; 32]).unwrap()
}

fn good(number: u8) -> SignatureCheck {
    let message = vec![number; usize::from(number)];
    SignatureCheck { key: key(number).public_key(), signature: key(number).sign(&message), message }
}

/// Good ones, ones with a bit flipped anywhere, other keys, no keys, odd numbers.
fn checks() -> Vec<SignatureCheck> {
    let mut checks: Vec<SignatureCheck> = (1..40).map(good).collect();
    for bit in (0..512).step_by(13) {
        let mut bytes = *good(3).signature.as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        checks.push(SignatureCheck { signature: Signature::from_bytes(bytes), ..good(3) });
    }
    checks.push(SignatureCheck { key: key(9).public_key(), ..good(4) });
    checks.push(SignatureCheck { message: b"other".to_vec(), ..good(4) });
    for bytes in [[0; 33], [9; 33], [2; 33], [0xff; 33], [4; 33]] {
        checks.push(SignatureCheck { key: PublicKey::from_bytes(bytes), ..good(5) });
    }
    let mut other_half = *good(6).key.as_bytes();
    other_half[0] ^= 1;
    checks.push(SignatureCheck { key: PublicKey::from_bytes(other_half), ..good(6) });
    for half in [[0; 32], [0xff; 32]] {
        for at in [0, 32] {
            let mut bytes = *good(7).signature.as_bytes();
            bytes[at..at + 32].copy_from_slice(&half);
            checks.push(SignatureCheck { signature: Signature::from_bytes(bytes), ..good(7) });
        }
    }
    checks
}

#[wasm_bindgen_test]
async fn web_crypto_agrees_with_the_reference() {
    let (sender, mut answers) = unbounded();
    let verifier = Verifier::new(move |answer| drop(sender.unbounded_send(answer)));
    assert_eq!(verifier.kind(), VerifierKind::WebCrypto);
    let checks = checks();
    let reference: Vec<Verdict> =
        checks.iter().map(|check| if check.run() { Verdict::Valid } else { Verdict::Invalid }).collect();
    assert_eq!(reference.iter().filter(|v| **v == Verdict::Valid).count(), 39);
    for batch in 0..3 {
        verifier.check(BatchId(batch), checks.clone());
    }
    verifier.check(BatchId(3), vec![]);
    for batch in 0..3 {
        assert_eq!(answers.next().await, Some(Verified::Batch(BatchId(batch), reference.clone())));
    }
    assert_eq!(answers.next().await, Some(Verified::Batch(BatchId(3), vec![])));
    assert_eq!(verifier.kind(), VerifierKind::WebCrypto);
}

#[wasm_bindgen_test]
async fn batches_checked_together_get_their_own_verdicts() {
    let (sender, mut answers) = unbounded();
    let verifier = Verifier::new(move |answer| drop(sender.unbounded_send(answer)));
    let checks = checks();
    for (number, pair) in (0..).zip(checks.chunks(2)) {
        verifier.check(BatchId(number), pair.to_vec());
    }
    for (number, pair) in (0..).zip(checks.chunks(2)) {
        let verdicts = pair.iter().map(|check| if check.run() { Verdict::Valid } else { Verdict::Invalid }).collect();
        assert_eq!(answers.next().await, Some(Verified::Batch(BatchId(number), verdicts)));
    }
}

#[wasm_bindgen_test]
async fn more_keys_than_the_cache_holds() {
    let (sender, mut answers) = unbounded();
    let verifier = Verifier::new(move |answer| drop(sender.unbounded_send(answer)));
    // Points of the curve, of which nobody knows the private keys.
    let keys = (0..5_000_u32).map(|n| {
        let mut bytes = [2; 33];
        bytes[29..].copy_from_slice(&n.to_be_bytes());
        PublicKey::from_bytes(bytes)
    });
    let keys: Vec<PublicKey> = keys.filter(|key| key.to_uncompressed().is_some()).collect();
    assert!(keys.len() > 2_000);
    let mut checks: Vec<SignatureCheck> = keys.iter().map(|key| SignatureCheck { key: *key, ..good(8) }).collect();
    checks.insert(1_234, good(8));
    verifier.check(BatchId(0), checks.clone());
    let Some(Verified::Batch(_, verdicts)) = answers.next().await else { panic!("an answer") };
    let valid: Vec<usize> = (0..checks.len()).filter(|i| verdicts[*i] == Verdict::Valid).collect();
    assert_eq!((verdicts.len(), valid), (checks.len(), vec![1_234]));
}

#[wasm_bindgen_test]
async fn without_a_working_web_crypto_wasm_does_it() {
    let subtle = js_sys::eval("SubtleCrypto.prototype").unwrap();
    let name = wasm_bindgen::JsValue::from_str("verify");
    let original = js_sys::Reflect::get(&subtle, &name).unwrap();
    let broken = js_sys::eval("(function () { return Promise.reject(new Error('no more')) })").unwrap();
    js_sys::Reflect::set(&subtle, &name, &broken).unwrap();
    let (sender, mut answers) = unbounded();
    let verifier = Verifier::new(move |answer| drop(sender.unbounded_send(answer)));
    verifier.check(BatchId(0), vec![good(1), SignatureCheck { message: vec![], ..good(2) }]);
    let fell_back = answers.next().await;
    assert!(matches!(&fell_back, Some(Verified::FellBack(why)) if why.contains("no more")), "{fell_back:?}");
    assert_eq!(answers.next().await, Some(Verified::Batch(BatchId(0), vec![Verdict::Valid, Verdict::Invalid])));
    assert_eq!(verifier.kind(), VerifierKind::Wasm);
    js_sys::Reflect::set(&subtle, &name, &original).unwrap();
}
