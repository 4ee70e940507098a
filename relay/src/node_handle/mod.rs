//! A handle to the running node, for the API and the cluster: queries, stored blocks, and commands with answers.

#[cfg(test)]
pub(crate) mod fixtures;
mod pending;

pub use pending::{MAX_PENDING, PendingRequests};

use crate::inbox::Inbox;
use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{Block, Payment};
use fedcoin_node::{Command, Input, Node, RequestId, SubmitError};
use fedcoin_store::Store;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::sync::{RwLock as FairRwLock, RwLockReadGuard as FairReadGuard};
use tokio::time::timeout;

/// Maximum time for the node's answer to a submitted payment or block.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// A handle to the running node. Clones share the node.
#[derive(Clone)]
pub struct NodeHandle {
    node: Arc<RwLock<Node>>,
    /// Locked by the driver from an input until all its effects have been carried out.
    carrying_out: Arc<FairRwLock<()>>,
    store: Arc<Store>,
    chain_file: Arc<PathBuf>,
    inbox: Inbox,
    payments: Arc<PendingRequests<Result<(), PoolError>>>,
    blocks: Arc<PendingRequests<Result<(), SubmitError>>>,
}

/// The node between two inputs ([`NodeHandle::settled`]).
pub struct Settled<'a> {
    node: RwLockReadGuard<'a, Node>,
    _settled: FairReadGuard<'a, ()>,
}

impl Deref for Settled<'_> {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.node
    }
}

/// The node gave no answer to a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitFailure {
    /// Too many requests are pending.
    #[error("the node has {max} requests waiting already; try again in a moment", max = MAX_PENDING)]
    Busy,
    /// No answer arrived in time.
    #[error("the node did not answer within {} seconds; check later whether it accepted the submission", ANSWER_TIMEOUT.as_secs())]
    Timeout,
    /// The node is stopping.
    #[error("the node is stopping")]
    Stopping,
}

impl NodeHandle {
    /// A handle to a node that a driver is going to run.
    #[must_use]
    pub fn new(node: Node, store: Store, chain_file: PathBuf, inbox: Inbox) -> Self {
        Self {
            node: Arc::new(RwLock::new(node)),
            carrying_out: Arc::default(),
            store: Arc::new(store),
            chain_file: Arc::new(chain_file),
            inbox,
            payments: Arc::default(),
            blocks: Arc::default(),
        }
    }

    /// Waits until the driver has carried out the effects of the current input. What the node says then is stored, so a
    /// crash does not undo it. Hold the result only for a moment: the driver waits for it.
    pub async fn settled(&self) -> Settled<'_> {
        let settled = self.carrying_out.read().await;
        Settled { node: self.read(), _settled: settled }
    }

    /// [`NodeHandle::settled`] for a plain thread.
    pub fn settled_blocking(&self) -> Settled<'_> {
        let settled = self.carrying_out.blocking_read();
        Settled { node: self.read(), _settled: settled }
    }

    pub(crate) fn carrying_out(&self) -> Arc<FairRwLock<()>> {
        Arc::clone(&self.carrying_out)
    }

    /// The node, for queries whose answer need not be stored. Hold the result only for a moment: the driver waits for
    /// it.
    pub fn read(&self) -> RwLockReadGuard<'_, Node> {
        self.node.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Node> {
        self.node.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The stored chain.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The file with the stored chain.
    #[must_use]
    pub fn chain_file(&self) -> &Path {
        &self.chain_file
    }

    /// The driver's inbox.
    #[must_use]
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    pub(crate) fn payments(&self) -> &PendingRequests<Result<(), PoolError>> {
        &self.payments
    }

    pub(crate) fn blocks(&self) -> &PendingRequests<Result<(), SubmitError>> {
        &self.blocks
    }

    /// Submits a payment, which may replace others if `may_replace`, and waits for the node's verdict.
    ///
    /// # Errors
    /// [`SubmitFailure`] if there is no verdict.
    pub async fn submit_payment(
        &self,
        payment: Payment,
        may_replace: bool,
    ) -> Result<Result<(), PoolError>, SubmitFailure> {
        self.ask(&self.payments, |request| Command::SubmitPayment { request, payment, may_replace }).await
    }

    /// Submits a block and waits for the node's verdict.
    ///
    /// # Errors
    /// [`SubmitFailure`] if there is no verdict.
    pub async fn submit_block(&self, block: Block) -> Result<Result<(), SubmitError>, SubmitFailure> {
        let block = Box::new(block);
        self.ask(&self.blocks, |request| Command::SubmitBlock { request, block }).await
    }

    async fn ask<A>(
        &self,
        pending: &PendingRequests<A>,
        command: impl FnOnce(RequestId) -> Command,
    ) -> Result<A, SubmitFailure> {
        let mut request = pending.begin().ok_or(SubmitFailure::Busy)?;
        if !self.inbox.send(Input::Command(command(request.id))).await {
            return Err(SubmitFailure::Stopping);
        }
        match timeout(ANSWER_TIMEOUT, &mut request.answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(SubmitFailure::Stopping),
            Err(_) => Err(SubmitFailure::Timeout),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixtures::{handle_on, test_node};
    use super::*;
    use crate::inbox::DriverMessage;
    use fedcoin_node::consensus::ChainParams;
    use tokio::join;
    use tokio::time::sleep;

    #[tokio::test]
    async fn only_late_answers_are_reported_as_missing() {
        let params = ChainParams::regtest();
        let (node, mut inbox) = handle_on(test_node(params.clone()));
        let answering = async {
            let mut requests = Vec::new();
            while requests.len() < 2 {
                if let Some(DriverMessage::Input(Input::Command(Command::SubmitBlock { request, .. }))) =
                    inbox.recv().await
                {
                    requests.push(request);
                }
            }
            sleep(ANSWER_TIMEOUT - Duration::from_secs(1)).await;
            node.blocks().answer(requests[0], Ok(()));
            sleep(Duration::from_secs(2)).await;
            // Too late.
            node.blocks().answer(requests[1], Ok(()));
        };
        let block = params.genesis_block();
        let (answered, given_up, ()) = join!(node.submit_block(block.clone()), node.submit_block(block), answering);
        assert!(answered == Ok(Ok(())) && given_up == Err(SubmitFailure::Timeout));
    }
}
