//! Files of the private file system, slots, and a chain on them.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use fedcoin_node::Durability;
use fedcoin_node::chain::ChangeSet;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::ledger::{Utxo, UtxoDiff};
use fedcoin_node::units::Height;
use node_wasm::messages::{MemoryReason, StorageKind};
use node_wasm::storage::Storage;
use node_wasm::storage::folder::Folder;
use node_wasm::storage::opening::Opening;
use node_wasm::storage::opfs::{self, OpfsBackend};
use node_wasm::storage::slots;
use redb::StorageBackend;
use std::io;
use std::rc::Rc;
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

#[wasm_bindgen_test]
async fn each_tab_has_a_slot_and_returns_to_it() {
    let network = params("slots").name;
    let first = slots::acquire(&network, None, false).await.unwrap();
    let second = slots::acquire(&network, None, false).await.unwrap();
    assert_eq!((first.number(), second.number()), (0, 1));
    // A copy of the second tab wants the same slot, which is held.
    let third = slots::acquire(&network, Some(1), false).await.unwrap();
    assert_eq!(third.number(), 2);
    drop(second);
    let again = slots::acquire(&network, Some(1), true).await.unwrap();
    assert_eq!(again.number(), 1);
    drop((first, third, again));
    let own = slots::acquire(&network, Some(2), true).await.unwrap();
    assert_eq!(own.number(), 2, "its previous slot comes first, although slot 0 is free");
}

#[wasm_bindgen_test]
async fn when_all_slots_are_taken_the_next_tab_has_none() {
    let network = params("busy").name;
    let mut held = Vec::new();
    for number in 0..32 {
        let slot = slots::acquire(&network, None, false).await.unwrap();
        assert_eq!(slot.number(), number);
        held.push(slot);
    }
    let busy = slots::acquire(&network, None, false).await.map(|slot| slot.number());
    assert_eq!(busy, Err(MemoryReason::AllSlotsBusy(32)));
    held.remove(7);
    let next = slots::acquire(&network, None, false).await.map(|slot| slot.number());
    assert_eq!(next, Ok(7), "a released slot is free again");
}

#[wasm_bindgen_test]
async fn a_reloaded_tab_waits_for_its_own_slot() {
    let network = params("reload").name;
    let old = slots::acquire(&network, None, false).await.unwrap();
    let waiting = slots::acquire(&network, Some(0), true);
    wasm_bindgen_futures::spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(300).await;
        drop(old);
    });
    assert_eq!(waiting.await.unwrap().number(), 0);
}

#[wasm_bindgen_test]
async fn a_change_set_survives_reopening() {
    let params = params("survives");
    let genesis = params.genesis_block();
    let utxo = Utxo { output: genesis.coinbase.output, height: Height::GENESIS, coinbase: true };
    let changes = ChangeSet {
        headers: vec![genesis.header],
        blocks: vec![genesis.clone().into()],
        utxos: UtxoDiff { created: vec![(genesis.coinbase.outpoint(), utxo)], spent: vec![] },
        tip: Some(genesis.id()),
        addresses: Some(vec!["ws://127.0.0.1:5000/ws".parse().unwrap()]),
        ..ChangeSet::default()
    };
    let (storage, empty) = Storage::open(&params, None, false, None, &silent()).await.unwrap();
    assert_eq!(storage.state().kind, StorageKind::Opfs);
    assert_eq!(empty.tip, None);
    storage.store.apply(&changes, Durability::Immediate).unwrap();
    assert!(storage.state().bytes > 0);
    let slot = storage.slot;
    drop(storage);
    let (storage, snapshot) = Storage::open(&params, Some(slot), true, None, &silent()).await.unwrap();
    assert_eq!(storage.slot, slot);
    assert_eq!((snapshot.tip, snapshot.utxos), (changes.tip, changes.utxos.created));
    assert_eq!(Some(snapshot.addresses), changes.addresses);
    assert_eq!(storage.store.block(&genesis.id()).unwrap(), Some(genesis));
}

#[wasm_bindgen_test]
async fn a_damaged_file_is_set_aside() {
    let params = params("damaged");
    let network = params.network_id().to_string();
    let slot = slots::acquire(&network, None, false).await.unwrap();
    let folder = Folder::open(&network, &slot).await.unwrap();
    let file = folder.open_chain().await.unwrap();
    file.set_len(5_000).unwrap();
    file.write(0, &[7; 5_000]).unwrap();
    file.close();
    drop((folder, slot));
    let (storage, snapshot) = Storage::open(&params, Some(0), true, None, &silent()).await.unwrap();
    let state = storage.state();
    assert_eq!((storage.slot, state.kind, snapshot.tip), (0, StorageKind::Opfs, None));
    let (name, why) = state.set_aside.unwrap();
    assert_eq!(name, "slot-0/chain-0.redb");
    assert!(!why.is_empty());
    drop(storage);
    let folder = opfs::folder(&network_folder(&network).await, "slot-0").await.unwrap();
    let kept = OpfsBackend::open(&folder, "chain-0.redb").await.unwrap();
    assert_eq!(kept.len().unwrap(), 5_000);
    kept.close();
    let (storage, _) = Storage::open(&params, Some(0), true, None, &silent()).await.unwrap();
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
    let slot = slots::acquire(&network, None, false).await.unwrap();
    let folder = Folder::open(&network, &slot).await.unwrap();
    for _ in 0..3 {
        assert!(!folder.crashed_while_opening());
        folder.opening().unwrap();
    }
    assert!(folder.crashed_while_opening());
    folder.opened().unwrap();
    assert!(!folder.crashed_while_opening());
}
