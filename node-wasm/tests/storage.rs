//! Files of the private file system, slots, and a chain on them.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_node::Durability;
use fedcoin_node::chain::ChangeSet;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::ledger::{Utxo, UtxoDiff};
use fedcoin_node::units::Height;
use node_wasm::messages::{Holder, MemoryReason, StorageKind};
use node_wasm::storage::Storage;
use node_wasm::storage::folder::Folder;
use node_wasm::storage::opening::Opening;
use node_wasm::storage::opfs::{self, OpfsBackend};
use node_wasm::storage::slots::Slot;
use redb::StorageBackend;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_test::*;
use web_sys::FileSystemDirectoryHandle;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Rules of a network that no other test uses, so that each test has its own slots.
fn params(name: &str) -> ChainParams {
    ChainParams { name: format!("{name}-{}", js_sys::Date::now() as u64), ..ChainParams::regtest() }
}

/// An opening without progress reports.
fn silent() -> Rc<Opening> {
    Opening::new(|_, _| {})
}

#[wasm_bindgen_test]
async fn a_file_is_exclusive_and_survives() {
    let folder = opfs::folder(&opfs::root().await.unwrap(), "test").await.unwrap();
    let _ = opfs::remove(&folder, "file").await;
    let file = OpfsBackend::open(&folder, "file").await.unwrap();
    file.set_len(10).unwrap();
    file.write(4, b"abcdef").unwrap();
    file.sync_data().unwrap();
    let second = OpfsBackend::open(&folder, "file").await.map(|_| ()).map_err(|e| e.kind());
    assert_eq!(second, Err(io::ErrorKind::ResourceBusy));
    file.close();
    assert!(file.write(0, b"x").is_err(), "a closed handle fails");
    let file = OpfsBackend::open(&folder, "file").await.unwrap();
    let mut bytes = [0; 6];
    file.read(4, &mut bytes).unwrap();
    assert_eq!((&bytes, file.len().unwrap()), (b"abcdef", 10));
    assert_eq!(file.read(5, &mut bytes).map_err(|e| e.kind()), Err(io::ErrorKind::UnexpectedEof));
    file.close();
}

async fn take(network: &str, own: Option<u32>, holder: Holder) -> Rc<Slot> {
    Rc::new(Slot::take(network, own, holder).await)
}

#[wasm_bindgen_test]
async fn each_tab_has_a_slot_and_returns_to_it() {
    let network = params("slots").name;
    let first = take(&network, None, Holder::Nobody).await;
    let second = take(&network, None, Holder::Nobody).await;
    assert_eq!((first.number(), second.number()), (0, 1));
    // A copy of the second tab wants its slot, which is held.
    let third = take(&network, Some(1), Holder::Nobody).await;
    assert_eq!(third.number(), 2);
    drop(second);
    let again = take(&network, Some(1), Holder::WorkerBefore).await;
    assert_eq!(again.number(), 1);
    drop((first, third, again));
    let own = take(&network, Some(2), Holder::WorkerBefore).await;
    assert_eq!(own.number(), 2, "its own of last time first, though slot 0 is free");
}

#[wasm_bindgen_test]
async fn when_all_files_are_taken_the_next_tabs_have_slots_of_their_own() {
    let network = params("busy").name;
    let mut held = Vec::new();
    for number in 0..34 {
        let slot = take(&network, None, Holder::Nobody).await;
        let without_file = (number >= 32).then_some(MemoryReason::AllSlotsBusy(32));
        assert_eq!((slot.number(), slot.without_file()), (number, without_file));
        held.push(slot);
    }
    let copied = take(&network, Some(33), Holder::Nobody).await;
    assert_eq!(copied.number(), 34, "no two tabs have one wallet");
    held.remove(7);
    assert_eq!(take(&network, None, Holder::Nobody).await.number(), 7, "what is given back can be had");
}

#[wasm_bindgen_test]
async fn a_reloaded_tab_waits_for_its_own_slot() {
    let network = params("reload").name;
    let old = take(&network, None, Holder::Nobody).await;
    let waiting = take(&network, Some(0), Holder::WorkerBefore);
    wasm_bindgen_futures::spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(300).await;
        drop(old);
    });
    assert_eq!(waiting.await.number(), 0);
}

#[wasm_bindgen_test]
async fn a_slot_is_taken_by_force_only_from_a_worker_that_its_page_has_ended() {
    let network = params("force").name;
    let hanging = take(&network, None, Holder::Nobody).await;
    let copied = take(&network, Some(0), Holder::WorkerBefore).await;
    assert_eq!(copied.number(), 1);
    let replaced = take(&network, Some(0), Holder::EndedWorker).await;
    assert_eq!(replaced.number(), 0);
    // The one that hangs may still end: that gives nothing back.
    drop(hanging);
    assert_eq!(take(&network, Some(0), Holder::Nobody).await.number(), 2);
}

#[wasm_bindgen_test]
async fn a_change_set_survives_reopening() {
    let params = params("survives");
    let genesis = params.genesis_block();
    let utxo = Utxo { output: genesis.coinbase.output, height: Height::GENESIS, coinbase: true };
    let changes = ChangeSet {
        headers: vec![genesis.header.into()],
        blocks: vec![Arc::new(genesis.clone().into())],
        utxos: UtxoDiff { created: vec![(genesis.coinbase.outpoint(), utxo)], spent: vec![] },
        tip: Some(genesis.id()),
        addresses: Some(vec!["ws://127.0.0.1:5000/ws".parse().unwrap()]),
        ..ChangeSet::default()
    };
    let slot = take(&params.network_id().to_string(), None, Holder::Nobody).await;
    let (storage, empty) = Storage::open(&params, &slot, None, &silent()).await.unwrap();
    assert_eq!(storage.state().kind, StorageKind::Opfs);
    assert_eq!(empty.tip, None);
    storage.store.apply(&changes, Durability::Immediate).unwrap();
    assert!(storage.state().bytes > 0);
    drop(storage);
    let (storage, snapshot) = Storage::open(&params, &slot, None, &silent()).await.unwrap();
    assert_eq!((snapshot.tip, snapshot.utxos), (changes.tip, changes.utxos.created));
    assert_eq!(Some(snapshot.addresses), changes.addresses);
    assert_eq!(storage.store.block(&genesis.id()).unwrap(), Some(genesis));
}

#[wasm_bindgen_test]
async fn a_damaged_file_is_set_aside() {
    let params = params("damaged");
    let network = params.network_id().to_string();
    let slot = take(&network, None, Holder::Nobody).await;
    let folder = Folder::open(&network, &slot).await.unwrap();
    let file = folder.open_chain().await.unwrap();
    file.set_len(5_000).unwrap();
    file.write(0, &[7; 5_000]).unwrap();
    file.close();
    drop(folder);
    let (storage, snapshot) = Storage::open(&params, &slot, None, &silent()).await.unwrap();
    let state = storage.state();
    assert_eq!((state.kind, snapshot.tip), (StorageKind::Opfs, None));
    let (name, why) = state.set_aside.unwrap();
    assert_eq!(name, "slot-0/chain-0.redb");
    assert!(!why.is_empty());
    drop(storage);
    let folder = opfs::folder(&network_folder(&network).await, "slot-0").await.unwrap();
    let kept = OpfsBackend::open(&folder, "chain-0.redb").await.unwrap();
    assert_eq!(kept.len().unwrap(), 5_000);
    kept.close();
    let (storage, _) = Storage::open(&params, &slot, None, &silent()).await.unwrap();
    assert_eq!(storage.state().set_aside, None, "said once");
}

/// The folder with a network's slots.
async fn network_folder(network: &str) -> FileSystemDirectoryHandle {
    let root = opfs::folder(&opfs::root().await.unwrap(), "fedcoin").await.unwrap();
    opfs::folder(&root, network).await.unwrap()
}

#[wasm_bindgen_test]
async fn a_file_that_crashes_the_program_is_set_aside() {
    let network = params("crash").name;
    let slot = take(&network, None, Holder::Nobody).await;
    let folder = Folder::open(&network, &slot).await.unwrap();
    for _ in 0..3 {
        assert!(!folder.crashed_while_opening());
        folder.opening().unwrap();
    }
    assert!(folder.crashed_while_opening());
    folder.opened().unwrap();
    assert!(!folder.crashed_while_opening());
}
