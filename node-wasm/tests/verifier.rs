//! All ways to check signatures agree on every kind of signature.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_node::primitives::{PrivateKey, PublicKey};
use fedcoin_node::{BatchId, SignatureCheck, Verdict};
use fedcoin_oracle::signatures::{self, KnownCheck};
use futures::StreamExt;
use futures::channel::mpsc::unbounded;
use node_wasm::messages::VerifierKind;
use node_wasm::verifier::{Verified, Verifier};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Makes a verifier that checks in one of the ways, and reports to this function.
type Way = fn(Box<dyn Fn(Verified)>) -> Verifier;

fn key(number: u8) -> PrivateKey {
    PrivateKey::from_random(&[number; 32]).unwrap()
}

fn good(number: u8) -> SignatureCheck {
    let message = vec![number; usize::from(number)];
    SignatureCheck { key: key(number).public_key(), signature: key(number).sign(&message), message }
}

/// Wycheproof's vectors, and signatures modified in every way.
fn known() -> Vec<KnownCheck> {
    signatures::wycheproof().into_iter().chain(signatures::mutated()).collect()
}

fn verdict(valid: bool) -> Verdict {
    if valid { Verdict::Valid } else { Verdict::Invalid }
}

#[wasm_bindgen_test]
async fn all_ways_agree_with_known_results() {
    let known = known();
    finds_known_results(Verifier::new, VerifierKind::WebCrypto, &known).await;
    finds_known_results(Verifier::without_web_crypto, VerifierKind::Fast, &known).await;
    for known in known {
        assert_eq!(known.check.run(), known.valid, "{} by the reference in wasm", known.name);
    }
}

async fn finds_known_results(new: Way, kind: VerifierKind, known: &[KnownCheck]) {
    let (sender, mut answers) = unbounded();
    let verifier = new(Box::new(move |answer| drop(sender.unbounded_send(answer))));
    assert_eq!(verifier.kind(), kind);
    // The second pass uses the remembered keys.
    for batch in [0, 2] {
        verifier.check(BatchId(batch), known.iter().map(|k| k.check.clone()).collect());
        verifier.check(BatchId(batch + 1), vec![]);
    }
    for batch in [0, 2] {
        let Some(Verified::Batch(id, verdicts)) = answers.next().await else { panic!("an answer") };
        assert_eq!((id, verdicts.len()), (BatchId(batch), known.len()));
        for (known, found) in known.iter().zip(verdicts) {
            assert_eq!(found, verdict(known.valid), "{} by {kind:?}", known.name);
        }
        assert_eq!(answers.next().await, Some(Verified::Batch(BatchId(batch + 1), vec![])));
    }
    assert_eq!(verifier.kind(), kind);
}

#[wasm_bindgen_test]
async fn batches_checked_together_get_their_own_verdicts() {
    let (sender, mut answers) = unbounded();
    let verifier = Verifier::new(move |answer| drop(sender.unbounded_send(answer)));
    let known = known();
    for (number, pair) in (0..).zip(known.chunks(2)) {
        verifier.check(BatchId(number), pair.iter().map(|k| k.check.clone()).collect());
    }
    for (number, pair) in (0..).zip(known.chunks(2)) {
        let verdicts = pair.iter().map(|k| verdict(k.valid)).collect();
        assert_eq!(answers.next().await, Some(Verified::Batch(BatchId(number), verdicts)));
    }
}

#[wasm_bindgen_test]
async fn more_keys_than_the_cache_holds_are_checked() {
    // Points of the curve whose private keys nobody knows.
    let keys = (0..5_000_u32).map(|n| {
        let mut bytes = [2; 33];
        bytes[29..].copy_from_slice(&n.to_be_bytes());
        PublicKey::from_bytes(bytes)
    });
    let keys: Vec<PublicKey> = keys.filter(|key| key.to_uncompressed().is_some()).collect();
    assert!(keys.len() > 2_000);
    let mut checks: Vec<SignatureCheck> = keys.iter().map(|key| SignatureCheck { key: *key, ..good(8) }).collect();
    checks.insert(1_234, good(8));
    let ways: [Way; 2] = [Verifier::new, Verifier::without_web_crypto];
    for new in ways {
        let (sender, mut answers) = unbounded();
        let verifier = new(Box::new(move |answer| drop(sender.unbounded_send(answer))));
        verifier.check(BatchId(0), checks.clone());
        let Some(Verified::Batch(_, verdicts)) = answers.next().await else { panic!("an answer") };
        let valid: Vec<usize> = (0..checks.len()).filter(|i| verdicts[*i] == Verdict::Valid).collect();
        assert_eq!((verdicts.len(), valid), (checks.len(), vec![1_234]));
    }
}

#[wasm_bindgen_test]
async fn without_working_web_crypto_the_fast_code_does_the_checks() {
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
    assert_eq!(verifier.kind(), VerifierKind::Fast);
    js_sys::Reflect::set(&subtle, &name, &original).unwrap();
}
