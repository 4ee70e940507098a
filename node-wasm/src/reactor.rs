//! The node worker's entry point: waits for the page's start, runs the driver, starts again if the browser's storage
//! failed, and stays reachable after the node has stopped.

use crate::clock::Clock;
use crate::driver::{Driver, End};
use crate::keys::KeyStore;
use crate::messages::{
    AddressDetails, Failure, Found, FromNode, Happening, HistoryPage, LogEntry, MemoryReason, SendProblem,
    StartOptions, ToNode, Update, WalletCommand, WalletProblem,
};
use crate::scope::Scope;
use crate::storage::slots::Slot;
use fedcoin_node::wallet::Balance;
use std::rc::Rc;

/// Runs the node in the calling dedicated worker.
pub fn start() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(serve(Scope::open()));
}

/// One page's node, from its start to its end. Slot and keys are held for as long as the worker lives.
async fn serve(mut scope: Scope) {
    // The page waits for this message before it sends anything.
    scope.send(&FromNode::Pong);
    let Some(options) = wait_for_start(&mut scope).await else { return };
    let (failure, keys) = match options.params.check() {
        Ok(()) => {
            let keys = scope.with_signs(open_keys(&options)).await;
            let end = run(&mut scope, options, keys).await;
            (end.failure, Some(end.keys))
        }
        Err(e) => (Some(Failure::Params(e.to_string())), None),
    };
    scope.send(&FromNode::Update(failure.map_or(Update::Stopped, Update::Failed)));
    answer_without_node(&mut scope, keys).await;
}

/// The tab's slot and its keys.
async fn open_keys(options: &StartOptions) -> KeyStore {
    let network = options.params.network_id().to_string();
    let slot = Slot::take(&network, options.slot, options.holder).await;
    KeyStore::open(&network, Rc::new(slot)).await
}

/// Runs a node. Where the browser's storage fails or the stored chain is damaged, another one goes on in a new file,
/// in memory if that does not last either: keys and the choice to mine stay, the chain is fetched again.
async fn run(scope: &mut Scope, mut options: StartOptions, mut keys: KeyStore) -> End {
    let mut memory = None;
    let mut failed_before = false;
    loop {
        let start = Driver::start(&options, keys, memory.take(), scope.opening());
        let end = match scope.with_signs(start).await {
            Ok(driver) => driver.run(scope).await,
            Err(end) => end,
        };
        let (failure, full, problem) = match &end.failure {
            Some(failure @ Failure::Storage { full, problem }) => (failure, *full, problem),
            // Its file is set aside. A second time, the program is at fault.
            Some(failure @ Failure::Corrupt(problem)) if !failed_before => (failure, false, problem),
            _ => return end,
        };
        // Storage cannot fail in memory: there are never more than three nodes.
        if full {
            memory = Some(MemoryReason::Full);
        } else if failed_before {
            memory = Some(MemoryReason::Failed(problem.clone()));
        }
        failed_before = true;
        let what = Happening::StorageFailed { failure: failure.clone() };
        scope.send(&FromNode::Update(Update::Event(LogEntry { time: Clock::new().now().wall, what })));
        options.mining = end.mining;
        keys = end.keys;
        scope.with_signs(keys.store_again()).await;
    }
}

async fn wait_for_start(scope: &mut Scope) -> Option<StartOptions> {
    loop {
        match scope.next().await? {
            ToNode::Start(options) => return Some(options),
            other => answer(scope, other, None),
        }
    }
}

/// The keys can still be exported, locked and unlocked; everything else needs a node.
async fn answer_without_node(scope: &mut Scope, mut keys: Option<KeyStore>) {
    while let Some(message) = scope.next().await {
        match (message, &mut keys) {
            (
                ToNode::Wallet { request, command: command @ (WalletCommand::Lock | WalletCommand::Unlock { .. }) },
                Some(keys),
            ) => {
                let result = scope.with_signs(keys.change(command)).await;
                scope.send(&FromNode::Update(Update::Protection(keys.ring().protection())));
                scope.send(&FromNode::Wallet { request, result });
            }
            (message, keys) => answer(scope, message, keys.as_ref()),
        }
    }
}

fn answer(scope: &Scope, message: ToNode, keys: Option<&KeyStore>) {
    let message = match message {
        ToNode::Ping => FromNode::Pong,
        ToNode::Wallet { request, .. } => FromNode::Wallet { request, result: Err(WalletProblem::NotRunning) },
        ToNode::Send { request, .. } | ToNode::Bump { request, .. } => {
            FromNode::Sent { request, paid: Vec::new(), problem: Some(SendProblem::NotRunning) }
        }
        ToNode::Quote { request, .. } | ToNode::QuoteBump { request, .. } => {
            FromNode::Quoted { request, result: Err(SendProblem::NotRunning) }
        }
        ToNode::ExportKey { request, address, passphrase } => {
            let export = |keys: &KeyStore| keys.export(&address, passphrase.as_ref());
            FromNode::PrivateKey { request, result: keys.map_or(Err(WalletProblem::NotRunning), export) }
        }
        ToNode::Backup { request, passphrase } => {
            let backup = |keys: &KeyStore| keys.backup(passphrase.as_ref());
            FromNode::Backup { request, result: keys.map_or(Err(WalletProblem::NotRunning), backup) }
        }
        ToNode::Blocks { request, .. } => FromNode::Blocks { request, blocks: Vec::new() },
        ToNode::Block { request, .. } => FromNode::Block { request, block: None },
        ToNode::Transaction { request, .. } => FromNode::Transaction { request, transaction: None },
        ToNode::AddressHistory { request, .. } => FromNode::AddressHistory { request, page: HistoryPage::default() },
        ToNode::Samples { request, .. } => FromNode::Samples { request, samples: Vec::new() },
        ToNode::Find { request, .. } => FromNode::Found { request, found: Found::Nothing },
        ToNode::Address { request, address } => {
            let details = AddressDetails { address, balance: Balance::default(), coins: Vec::new() };
            FromNode::Address { request, details }
        }
        ToNode::Stop => FromNode::Update(Update::Stopped),
        ToNode::Start(_) => FromNode::Update(Update::Failed(Failure::Other("a worker runs only one node".into()))),
        ToNode::Reconnect | ToNode::SetMining(_) | ToNode::Circumstances(_) => return,
    };
    scope.send(&message);
}
