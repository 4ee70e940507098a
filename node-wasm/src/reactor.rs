//! The node worker's entry point: waits for the page's start, runs the driver, starts again if the browser's storage
//! failed, and stays reachable after the node has stopped.

use crate::clock::Clock;
use crate::driver::{Driver, End};
use crate::keys::KeyStore;
use crate::messages::{
    AddressDetails, Failure, Found, FromNode, Happening, HistoryPage, LogEntry, MemoryReason, SendProblem,
    StartOptions, ToNode, Update, WalletProblem,
};
use crate::scope::Scope;
use fedcoin_node::wallet::Balance;
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use std::pin::pin;

/// Interval of signs of life while a node starts, in milliseconds.
const SIGN_MS: u32 = 2_000;
/// Maximum number of signs: the page gives up a start that takes longer.
const MAX_SIGNS: u32 = 30;

/// Runs the node in the calling dedicated worker.
pub fn start() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(serve(Scope::open()));
}

/// Serves one page from start to end.
async fn serve(mut scope: Scope) {
    // The page waits for this message before it sends anything.
    scope.tell(&FromNode::Pong);
    let Some(options) = wait_for_start(&mut scope).await else { return };
    let end = run(&mut scope, options).await;
    scope.tell(&FromNode::Update(end.failure.map_or(Update::Stopped, Update::Failed)));
    answer_without_node(&mut scope, end.keys).await;
}

/// Runs a node. If the browser's storage fails or the stored chain is damaged, another node continues with a new file,
/// or in memory if that fails, too. Keys and mining options stay; the chain is downloaded again.
async fn run(scope: &mut Scope, mut options: StartOptions) -> End {
    let (mut keys, mut memory) = (None, None);
    let mut failed_before = false;
    loop {
        let start = Driver::start(options.clone(), keys.take(), memory.take(), scope.opening());
        let end = match with_signs(scope, start).await {
            Ok(driver) => driver.run(scope).await,
            Err(end) => end,
        };
        let (full, problem) = match &end.failure {
            Some(Failure::Storage { full, problem }) => (*full, problem),
            // Its file is set aside. A second time, the program is at fault.
            Some(Failure::Corrupt(problem)) if !failed_before => (false, problem),
            _ => return end,
        };
        // Storage cannot fail in memory: there are never more than three nodes.
        if full {
            memory = Some(MemoryReason::Full);
        } else if failed_before {
            memory = Some(MemoryReason::Failed(problem.clone()));
        }
        failed_before = true;
        let what = Happening::StorageFailed { problem: problem.clone() };
        scope.tell(&FromNode::Update(Update::Event(LogEntry { time: Clock::new().now().wall, what })));
        if let Some((slot, mining)) = end.resume {
            // The browser may take a moment to release the slot.
            (options.slot, options.mining, options.reloaded) = (Some(slot), mining, true);
        }
        keys = end.keys;
        if let Some(keys) = &mut keys {
            keys.store_again().await;
        }
    }
}

/// Waits for a node to start. The browser's storage may take long for each of several steps, so the page gets signs of
/// life meanwhile.
async fn with_signs<T>(scope: &Scope, start: impl Future<Output = T>) -> T {
    let mut start = pin!(start);
    for _ in 0..MAX_SIGNS {
        match select(start.as_mut(), TimeoutFuture::new(SIGN_MS)).await {
            Either::Left((started, _)) => return started,
            Either::Right(_) => scope.tell(&FromNode::Pong),
        }
    }
    start.await
}

async fn wait_for_start(scope: &mut Scope) -> Option<StartOptions> {
    loop {
        match scope.next().await? {
            ToNode::Start(options) => return Some(options),
            other => answer(scope, other, None),
        }
    }
}

/// Answers requests after the node has ended: keys can still be exported, everything else needs a node.
async fn answer_without_node(scope: &mut Scope, keys: Option<KeyStore>) {
    while let Some(message) = scope.next().await {
        answer(scope, message, keys.as_ref());
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
    scope.tell(&message);
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self { failure: Some(failure), keys: None, resume: None }
    }
}
