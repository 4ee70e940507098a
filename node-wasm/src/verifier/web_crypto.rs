use super::cache::KeyCache;
use fedcoin_node::primitives::PublicKey;
use fedcoin_node::{SignatureCheck, Verdict};
use futures::future::join_all;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto, WorkerGlobalScope};

/// The browser's own ECDSA, if available.
#[derive(Debug)]
pub(super) struct WebCrypto {
    subtle: SubtleCrypto,
    /// `{name: "ECDSA", namedCurve: "P-256"}`
    curve: Object,
    /// `{name: "ECDSA", hash: "SHA-256"}`
    scheme: Object,
    usages: Array,
    keys: KeyCache<CryptoKey>,
}

impl WebCrypto {
    /// WebCrypto of a secure context.
    pub(super) fn of_this_context() -> Option<Self> {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        let crypto: JsValue = scope.crypto().ok()?.into();
        let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
        if !subtle.is_object() {
            return None;
        }
        Some(Self {
            subtle: subtle.unchecked_into(),
            curve: object([("name", "ECDSA"), ("namedCurve", "P-256")])?,
            scheme: object([("name", "ECDSA"), ("hash", "SHA-256")])?,
            usages: Array::of1(&"verify".into()),
            keys: KeyCache::new(),
        })
    }

    /// Imports the keys of these checks (fewer than the cache holds).
    pub(super) async fn import_keys(&mut self, checks: &[SignatureCheck]) -> Result<(), JsValue> {
        let missing = self.keys.missing(checks.iter().map(|check| check.key));
        let imported = join_all(missing.iter().map(|key| self.import(key))).await;
        for (key, imported) in missing.into_iter().zip(imported) {
            self.keys.insert(key, imported?);
        }
        Ok(())
    }

    /// The key in the browser's form; `None` if the reference rejects it as a point of the curve.
    async fn import(&self, key: &PublicKey) -> Result<Option<CryptoKey>, JsValue> {
        let Some(point) = key.to_uncompressed() else { return Ok(None) };
        let point = Uint8Array::from(point.as_slice());
        let import = self.subtle.import_key_with_object("raw", &point, &self.curve, false, &self.usages)?;
        Ok(Some(JsFuture::from(import).await?.unchecked_into()))
    }

    /// One check, whose key has been imported.
    pub(super) async fn verify(&self, check: &SignatureCheck) -> Result<Verdict, JsValue> {
        let Some(key) = self.keys.get(&check.key) else { return Ok(Verdict::Unknown) };
        let Some(key) = key else { return Ok(Verdict::Invalid) };
        let signature = Uint8Array::from(check.signature.as_bytes().as_slice());
        let message = Uint8Array::from(check.message.as_slice());
        let verify = self.subtle.verify_with_object_and_buffer_source_and_buffer_source(
            &self.scheme,
            key,
            &signature,
            &message,
        )?;
        let valid = JsFuture::from(verify).await?;
        Ok(super::verdict(valid.is_truthy()))
    }
}

fn object<const N: usize>(entries: [(&str, &str); N]) -> Option<Object> {
    let object = Object::new();
    for (key, value) in entries {
        Reflect::set(&object, &key.into(), &value.into()).ok()?;
    }
    Some(object)
}
