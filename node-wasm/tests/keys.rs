//! Keys survive a reload, each slot has its own, and changes are complete or not made at all.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_keyring::{KeyName, KeyringError, Passphrase, Protection, SealError};
use fedcoin_node::primitives::Address;
use node_wasm::keys::KeyStore;
use node_wasm::messages::{KeyStorage, PrivateKeyText, WalletCommand, WalletProblem};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The teaching coin's genesis key.
const HEX: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042012bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0a144034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";

fn network(name: &str) -> String {
    format!("{name}-{}", js_sys::Date::now())
}

fn new() -> WalletCommand {
    WalletCommand::New { name: KeyName::default() }
}

fn import(hex: &str) -> WalletCommand {
    WalletCommand::Import { name: "Genesis".parse().unwrap(), key: PrivateKeyText(hex.to_owned().into()) }
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::given(text.into(), text.into())
}

fn addresses(keys: &KeyStore) -> Vec<Address> {
    keys.ring().keys().map(|(_, public, _)| public.address()).collect()
}

const UNKNOWN: WalletProblem = WalletProblem::Ring(KeyringError::Unknown);

#[wasm_bindgen_test]
async fn keys_survive_a_reload() {
    let network = network("back");
    let mut keys = KeyStore::open(&network, 0).await;
    assert_eq!(keys.storage(), KeyStorage::IndexedDb);
    assert!(keys.ring().selected().is_none());
    keys.change(new()).await.unwrap();
    let drawn = keys.ring().selected().unwrap();
    let broken = HEX.as_bytes().chunks(60).map(|c| String::from_utf8_lossy(c)).collect::<Vec<_>>().join("\r\n");
    keys.change(import(&broken)).await.unwrap();
    let imported = keys.ring().selected().unwrap();
    keys.change(WalletCommand::Select { address: drawn }).await.unwrap();
    drop(keys);

    let mut keys = KeyStore::open(&network, 0).await;
    assert_eq!(addresses(&keys), [drawn, imported]);
    assert_eq!(keys.ring().selected(), Some(drawn));
    assert_eq!(keys.export(&imported, None).unwrap().0.as_str(), HEX);
    keys.change(WalletCommand::Remove { address: drawn }).await.unwrap();
    assert_eq!(keys.ring().selected(), Some(imported));
    assert_eq!(keys.export(&drawn, None), Err(UNKNOWN));
    drop(keys);

    assert_eq!(addresses(&KeyStore::open(&network, 0).await).len(), 1);
    assert_eq!(addresses(&KeyStore::open(&network, 1).await).len(), 0, "another slot, another wallet");
}

#[wasm_bindgen_test]
async fn a_passphrase_protects_the_database() {
    let network = network("guarded");
    let mut keys = KeyStore::open(&network, 0).await;
    keys.change(import(HEX)).await.unwrap();
    let address = keys.ring().selected().unwrap();
    let protect = WalletCommand::Protect { current: None, new: Some(passphrase("correct horse")) };
    keys.change(protect).await.unwrap();
    drop(keys);

    let mut keys = KeyStore::open(&network, 0).await;
    assert_eq!((keys.ring().protection(), addresses(&keys)), (Protection::Locked, vec![address]));
    assert_eq!(keys.ring().keys().next().unwrap().0.as_str(), "Genesis");
    let locked = WalletProblem::Ring(KeyringError::Locked);
    let wrong = WalletProblem::Ring(KeyringError::Seal(SealError::WrongPassphrase));
    assert_eq!(keys.export(&address, None), Err(locked.clone()));
    assert_eq!(keys.export(&address, Some(&passphrase("guess"))), Err(wrong.clone()));
    assert_eq!(keys.export(&address, Some(&passphrase("correct horse"))).unwrap().0.as_str(), HEX);
    assert_eq!(keys.ring().protection(), Protection::Locked, "for that call only");
    assert_eq!(keys.change(new()).await, Err(locked));
    let unlock = |text| WalletCommand::Unlock { passphrase: passphrase(text) };
    assert_eq!(keys.change(unlock("guess")).await, Err(wrong));
    let backup = keys.backup(None).unwrap();
    keys.change(unlock("correct horse")).await.unwrap();
    keys.change(new()).await.unwrap();
    drop(keys);

    let mut keys = KeyStore::open(&network, 0).await;
    keys.change(unlock("correct horse")).await.unwrap();
    assert_eq!(addresses(&keys).len(), 2, "keys added while unlocked are encrypted too");
    let mut other = KeyStore::open(&network, 1).await;
    other.change(WalletCommand::Restore { backup, passphrase: passphrase("correct horse") }).await.unwrap();
    assert_eq!(other.export(&address, None).unwrap().0.as_str(), HEX);
}

#[wasm_bindgen_test]
async fn each_bad_change_gets_its_error_and_changes_nothing() {
    let mut keys = KeyStore::open(&network("bad"), 0).await;
    keys.change(import(HEX)).await.unwrap();
    let before = addresses(&keys);
    keys.change(import(HEX)).await.unwrap();
    assert_eq!(addresses(&keys), before, "the same key is stored once");
    for hex in ["", "xyz", &HEX[2..], &HEX[..100]] {
        assert!(matches!(keys.change(import(hex)).await, Err(WalletProblem::Key(_))), "{hex}");
    }
    let unknown = Address([1; 20]);
    assert_eq!(keys.change(WalletCommand::Remove { address: unknown }).await, Err(UNKNOWN));
    assert_eq!(keys.change(WalletCommand::Select { address: unknown }).await, Err(UNKNOWN));
    assert_eq!((addresses(&keys), keys.ring().selected()), (before.clone(), before.first().copied()));
}
