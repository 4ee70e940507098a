//! Keys survive, each slot has its own, and no change is lost or half made.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use node_wasm::keys::Keyring;
use node_wasm::messages::{KeyStorage, WalletCommand, WalletProblem};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The teaching coin's genesis key.
const HEX: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042012bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0a144034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";

fn network(name: &str) -> String {
    format!("{name}-{}", js_sys::Date::now())
}

#[wasm_bindgen_test]
async fn keys_come_back() {
    let network = network("back");
    let mut keys = Keyring::open(&network, 0).await;
    assert_eq!(keys.storage(), KeyStorage::IndexedDb);
    assert!(keys.selected().is_none());
    let drawn = keys.change(WalletCommand::New).await.unwrap();
    let broken = HEX.as_bytes().chunks(60).map(|c| String::from_utf8_lossy(c)).collect::<Vec<_>>().join("\r\n");
    let imported = keys.change(WalletCommand::Import { hex: broken }).await.unwrap();
    assert_eq!(keys.selected().unwrap().public_key().address(), imported);
    keys.change(WalletCommand::Select { address: drawn }).await.unwrap();
    drop(keys);

    let mut keys = Keyring::open(&network, 0).await;
    let addresses: Vec<_> = keys.keys().map(|key| key.public_key().address()).collect();
    assert_eq!(addresses, [drawn, imported]);
    assert_eq!(keys.selected().unwrap().public_key().address(), drawn);
    assert_eq!(keys.export(&imported).unwrap().0, HEX);
    keys.change(WalletCommand::Remove { address: drawn }).await.unwrap();
    assert_eq!(keys.selected().unwrap().public_key().address(), imported);
    assert_eq!(keys.export(&drawn), Err(WalletProblem::Unknown));
    drop(keys);

    assert_eq!(Keyring::open(&network, 0).await.keys().count(), 1);
    assert_eq!(Keyring::open(&network, 1).await.keys().count(), 0, "another slot, another wallet");
}

#[wasm_bindgen_test]
async fn each_bad_change_has_its_error_and_changes_nothing() {
    let mut keys = Keyring::open(&network("bad"), 0).await;
    let address = keys.change(WalletCommand::Import { hex: HEX.into() }).await.unwrap();
    let again = keys.change(WalletCommand::Import { hex: HEX.into() }).await.unwrap();
    assert_eq!((address, keys.keys().count()), (again, 1), "the same key is held once");
    for hex in ["", "xyz", &HEX[2..], &HEX[..100]] {
        let result = keys.change(WalletCommand::Import { hex: hex.into() }).await;
        assert!(matches!(result, Err(WalletProblem::Key(_))), "{hex}");
    }
    let unknown = fedcoin_node::primitives::Address([1; 20]);
    assert_eq!(keys.change(WalletCommand::Remove { address: unknown }).await, Err(WalletProblem::Unknown));
    assert_eq!(keys.change(WalletCommand::Select { address: unknown }).await, Err(WalletProblem::Unknown));
    assert_eq!(keys.keys().count(), 1);
    assert_eq!(keys.selected().unwrap().public_key().address(), address);
}
