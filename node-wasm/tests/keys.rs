//! Keys survive a reload, each slot has its own, and changes are complete or not made at all.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_keyring::{Kdf, KeyName, KeyringError, Passphrase, Protection, Record, SealError, SealingKey, StoredKey};
use fedcoin_node::primitives::Address;
use gloo_timers::future::TimeoutFuture;
use idb::builder::{DatabaseBuilder, ObjectStoreBuilder};
use idb::{Database, TransactionMode};
use node_wasm::codec::to_js;
use node_wasm::keys::KeyStore;
use node_wasm::messages::{Holder, KeyStorage, PrivateKeyText, WalletCommand, WalletProblem};
use node_wasm::storage::slots::Slot;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The teaching coin's genesis key.
const HEX: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042012bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0a144034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";

fn network(name: &str) -> String {
    format!("{name}-{}", js_sys::Date::now())
}

/// The keys of a slot that nobody holds any more.
async fn open(network: &str, number: u32) -> KeyStore {
    let slot = Slot::take(network, Some(number), Holder::WorkerBefore).await;
    assert_eq!(slot.number(), number);
    KeyStore::open(network, Rc::new(slot)).await
}

/// The keys of the same slot as another tab's: where browsers hide locks, two tabs may hold one.
async fn open_too(network: &str, other: &KeyStore) -> KeyStore {
    KeyStore::open(network, Rc::clone(other.slot())).await
}

async fn database() -> Database {
    let builder = DatabaseBuilder::new("fedcoin-keys").version(1).add_object_store(ObjectStoreBuilder::new("slots"));
    builder.build().await.unwrap()
}

/// Stores what an earlier version or a fault has left.
async fn put(key: &str, value: &JsValue) {
    let database = database().await;
    let transaction = database.transaction(&["slots"], TransactionMode::ReadWrite).unwrap();
    transaction.object_store("slots").unwrap().put(value, Some(&key.into())).unwrap();
    assert!(transaction.await.unwrap().is_committed());
    database.close();
}

/// The names of the copies of a slot's records.
async fn copies(slot: &str) -> Vec<String> {
    let database = database().await;
    let transaction = database.transaction(&["slots"], TransactionMode::ReadOnly).unwrap();
    let names = transaction.object_store("slots").unwrap().get_all_keys(None, None).unwrap().await.unwrap();
    database.close();
    let start = format!("{slot}/");
    names.iter().filter_map(JsValue::as_string).filter(|name| name.starts_with(&start)).collect()
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
    let mut keys = open(&network, 0).await;
    assert_eq!(keys.storage(), KeyStorage::IndexedDb);
    assert!(keys.ring().selected().is_none());
    keys.change(new()).await.unwrap();
    let drawn = keys.ring().selected().unwrap();
    let broken = HEX.as_bytes().chunks(60).map(|c| String::from_utf8_lossy(c)).collect::<Vec<_>>().join("\r\n");
    keys.change(import(&broken)).await.unwrap();
    let imported = keys.ring().selected().unwrap();
    keys.change(WalletCommand::Select { address: drawn }).await.unwrap();
    drop(keys);

    let mut keys = open(&network, 0).await;
    assert_eq!(addresses(&keys), [drawn, imported]);
    assert_eq!(keys.ring().selected(), Some(drawn));
    assert_eq!(keys.export(&imported, None).unwrap().0.as_str(), HEX);
    keys.change(WalletCommand::Remove { address: drawn }).await.unwrap();
    assert_eq!(keys.ring().selected(), Some(imported));
    assert_eq!(keys.export(&drawn, None), Err(UNKNOWN));
    drop(keys);

    assert_eq!(addresses(&open(&network, 0).await).len(), 1);
    assert_eq!(addresses(&open(&network, 1).await).len(), 0, "another slot, another wallet");
}

#[wasm_bindgen_test]
async fn a_passphrase_protects_the_database() {
    let network = network("guarded");
    let mut keys = open(&network, 0).await;
    keys.change(import(HEX)).await.unwrap();
    let address = keys.ring().selected().unwrap();
    let protect = WalletCommand::Protect { current: None, new: Some(passphrase("correct horse")) };
    keys.change(protect).await.unwrap();
    drop(keys);

    let mut keys = open(&network, 0).await;
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
    assert_eq!(keys.ring().selected(), Some(address), "a further key is not in use until it is selected");
    drop(keys);

    let mut keys = open(&network, 0).await;
    keys.change(unlock("correct horse")).await.unwrap();
    assert_eq!(addresses(&keys).len(), 2, "what was added while unlocked is sealed too");
    let mut other = open(&network, 1).await;
    other.change(WalletCommand::Restore { backup, passphrase: passphrase("correct horse") }).await.unwrap();
    assert_eq!(other.export(&address, None).unwrap().0.as_str(), HEX);
}

#[wasm_bindgen_test]
async fn each_bad_change_has_its_error_and_changes_nothing() {
    let mut keys = open(&network("bad"), 0).await;
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

#[wasm_bindgen_test]
async fn two_tabs_with_one_wallet_lose_no_key() {
    let network = network("shared");
    let mut one = open(&network, 0).await;
    let mut two = open_too(&network, &one).await;
    // Neither knows of the other's keys when it stores its own.
    for _ in 0..3 {
        one.change(new()).await.unwrap();
        two.change(new()).await.unwrap();
    }
    let removed = addresses(&one)[0];
    one.change(WalletCommand::Remove { address: removed }).await.unwrap();
    two.change(new()).await.unwrap();
    let all = addresses(&two);
    assert_eq!((all.len(), all.contains(&removed)), (6, false), "what one tab removes does not come back");
    assert!(addresses(&one).iter().all(|address| all.contains(address)));
    drop((one, two));
    assert_eq!(addresses(&open(&network, 0).await), all);
}

#[wasm_bindgen_test]
async fn two_tabs_that_store_at_once_lose_no_key() {
    let network = network("race");
    let mut one = open(&network, 0).await;
    let mut two = open_too(&network, &one).await;
    for _ in 0..5 {
        let (first, second) = futures::join!(one.change(new()), two.change(new()));
        first.unwrap();
        second.unwrap();
    }
    drop((one, two));
    assert_eq!(addresses(&open(&network, 0).await).len(), 10);
}

#[wasm_bindgen_test]
async fn a_passphrase_set_in_another_tab_holds_in_this_one() {
    let network = network("guarded-elsewhere");
    let mut one = open(&network, 0).await;
    one.change(new()).await.unwrap();
    let mut two = open_too(&network, &one).await;
    one.change(WalletCommand::Protect { current: None, new: Some(passphrase("correct horse")) }).await.unwrap();
    assert_eq!(two.change(new()).await, Err(WalletProblem::Ring(KeyringError::Locked)));
    two.change(WalletCommand::Unlock { passphrase: passphrase("correct horse") }).await.unwrap();
    two.change(new()).await.unwrap();
    one.change(new()).await.unwrap();
    assert_eq!((addresses(&one).len(), one.ring().protection()), (3, Protection::Unlocked));
}

#[wasm_bindgen_test]
async fn keys_outlive_the_deletion_of_what_is_stored() {
    let network = network("deleted");
    let mut one = open(&network, 0).await;
    one.change(new()).await.unwrap();
    let mut two = open_too(&network, &one).await;
    two.change(new()).await.unwrap();
    put(&format!("{network}/0"), &to_js(&Record::default()).unwrap()).await;
    // The tab that knows fewer keys stores first.
    one.store_again().await;
    two.store_again().await;
    assert_eq!(addresses(&two).len(), 2);
    drop((one, two));
    assert_eq!(addresses(&open(&network, 0).await).len(), 2);
}

#[wasm_bindgen_test]
async fn keys_that_cannot_be_read_are_told_and_copied_before_they_are_overwritten() {
    let network = network("unreadable");
    let name = format!("{network}/0");
    let good = StoredKey::Bare(HEX.to_owned().into());
    let bad = StoredKey::Bare("00".to_owned().into());
    put(&name, &to_js(&Record { keys: vec![good, bad], ..Record::default() }).unwrap()).await;
    for _ in 0..3 {
        let keys = open(&network, 0).await;
        assert_eq!((addresses(&keys).len(), keys.unreadable()), (1, 1));
        assert_eq!(copies(&name).await.len(), 0, "reading makes no copies");
    }
    for round in 1..=6 {
        let mut keys = open(&network, 0).await;
        keys.change(new()).await.unwrap();
        keys.change(new()).await.unwrap();
        assert_eq!(copies(&name).await.len(), round.min(4), "one for each such record, and no more than four");
        drop(keys);
        put(&name, &JsValue::from_str("no record at all")).await;
        assert_eq!(open(&network, 0).await.unreadable(), 1);
        // Copies are named by their time.
        TimeoutFuture::new(5).await;
    }
}

#[wasm_bindgen_test]
async fn unlocking_raises_the_costs_of_a_passphrase() {
    let network = network("costs");
    let name = format!("{network}/0");
    let phrase = passphrase("correct horse");
    let cheap = Kdf { memory_kib: 64, passes: 1, ..Kdf::in_use([1; 16]) };
    let sealed = SealingKey::derive(&phrase, &cheap).unwrap().seal(&format!("{HEX} Old\n"), [1; 24]).unwrap();
    put(&name, &to_js(&Record { sealed: Some(sealed), ..Record::default() }).unwrap()).await;
    let unlock = WalletCommand::Unlock { passphrase: phrase };
    let mut keys = open(&network, 0).await;
    keys.change(unlock.clone()).await.unwrap();
    assert_eq!(keys.backup(None).unwrap().kdf.memory_kib, 19_456);
    drop(keys);
    let mut keys = open(&network, 0).await;
    assert_eq!(keys.backup(None).unwrap().kdf.memory_kib, 19_456, "it is stored");
    keys.change(unlock).await.unwrap();
    assert_eq!(addresses(&keys).len(), 1);
}
