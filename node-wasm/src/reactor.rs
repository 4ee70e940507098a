//! The node worker's entry: waits for the page's start, runs the driver, and stays reachable when
//! the node has stopped.

use crate::codec::Codec;
use crate::driver::{Driver, End};
use crate::keys::Keyring;
use crate::messages::{
    AddressDetails, Failure, Found, FromNode, HistoryPage, SendProblem, StartOptions, ToNode, Update, WalletProblem,
};
use fedcoin_node::wallet::Balance;
use futures::{SinkExt, StreamExt};
use gloo_worker::Registrable;
use gloo_worker::reactor::{ReactorScope, reactor};

/// The page's end and the worker's, as the reactor sees it.
pub(crate) type Scope = ReactorScope<ToNode, FromNode>;

/// Runs the node in the dedicated worker that this is called in.
pub fn start() {
    console_error_panic_hook::set_once();
    NodeReactor::registrar().encoding::<Codec>().register();
}

/// One page's node, from its start to its end.
#[reactor]
pub async fn NodeReactor(mut scope: Scope) {
    let Some(options) = wait_for_start(&mut scope).await else { return };
    let end = match Driver::start(options).await {
        Ok(driver) => driver.run(&mut scope).await,
        Err(end) => end,
    };
    tell(&mut scope, FromNode::Update(end.failure.map_or(Update::Stopped, Update::Failed))).await;
    answer_without_node(&mut scope, end.keyring).await;
}

async fn wait_for_start(scope: &mut Scope) -> Option<StartOptions> {
    loop {
        match scope.next().await? {
            ToNode::Start(options) => return Some(options),
            other => answer(scope, other, None).await,
        }
    }
}

/// The keys can still be exported; everything else needs a node.
async fn answer_without_node(scope: &mut Scope, keyring: Option<Keyring>) {
    while let Some(message) = scope.next().await {
        answer(scope, message, keyring.as_ref()).await;
    }
}

async fn answer(scope: &mut Scope, message: ToNode, keyring: Option<&Keyring>) {
    let message = match message {
        ToNode::Ping => FromNode::Pong,
        ToNode::Wallet { request, .. } => FromNode::Wallet { request, result: Err(WalletProblem::NotRunning) },
        ToNode::Send { request, .. } => FromNode::Sent { request, result: Err(SendProblem::NotRunning) },
        ToNode::ExportKey { request, address } => {
            let result = keyring.map_or(Err(WalletProblem::NotRunning), |keyring| keyring.export(&address));
            FromNode::PrivateKey { request, result }
        }
        ToNode::Blocks { request, .. } => FromNode::Blocks { request, blocks: Vec::new() },
        ToNode::Block { request, .. } => FromNode::Block { request, block: None },
        ToNode::Payment { request, .. } => FromNode::Payment { request, payment: None },
        ToNode::History { request } => FromNode::History { request, entries: Vec::new() },
        ToNode::AddressHistory { request, .. } => FromNode::AddressHistory { request, page: HistoryPage::default() },
        ToNode::Samples { request, .. } => FromNode::Samples { request, samples: Vec::new() },
        ToNode::Find { request, .. } => FromNode::Found { request, found: Found::Nothing },
        ToNode::Address { request, address } => {
            let details = AddressDetails { address, balance: Balance::default(), coins: Vec::new() };
            FromNode::Address { request, details }
        }
        ToNode::Stop => FromNode::Update(Update::Stopped),
        ToNode::Start(_) => FromNode::Update(Update::Failed(Failure::Other("a worker runs one node".into()))),
        ToNode::Reconnect | ToNode::SetMining(_) | ToNode::Circumstances(_) => return,
    };
    tell(scope, message).await;
}

/// Sends; it cannot fail, and nothing is lost when the page is gone.
pub(crate) async fn tell(scope: &mut Scope, message: FromNode) {
    let Ok(()) = scope.send(message).await;
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self { failure: Some(failure), keyring: None }
    }
}
