use super::inbox::Inbox;
use super::waiting::Waiting;
use crate::failure::Failure;
use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{Block, Payment};
use fedcoin_node::{Command, Input, Node, RequestId, SubmitError};
use fedcoin_store::{Store, StoreError};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::sync::{RwLock as Fair, RwLockReadGuard as FairReadGuard};
use tokio::time::timeout;

/// How long the node's answer to a submitted payment or block is waited for.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// What the API needs of a running node: queries, stored blocks, and commands with answers.
#[derive(Clone)]
pub struct NodeHandle {
    node: Arc<RwLock<Node>>,
    /// Held by the driver from an input until its effects have been carried out.
    carrying_out: Arc<Fair<()>>,
    store: Arc<Store>,
    chain_file: Arc<PathBuf>,
    inbox: Inbox,
    payments: Arc<Waiting<Result<(), PoolError>>>,
    blocks: Arc<Waiting<Result<(), SubmitError>>>,
}

/// A node between two inputs ([`NodeHandle::settled`]).
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

/// The node could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitFailure {
    /// Too many requests wait already.
    #[error("the node has {max} requests waiting already; try again in a moment", max = super::MAX_WAITING)]
    Busy,
    /// No answer in time.
    #[error("the node did not answer within {} seconds; look later whether it was taken", ANSWER_TIMEOUT.as_secs())]
    Timeout,
    /// The node stops.
    #[error("the node is stopping")]
    Stopping,
}

impl NodeHandle {
    /// A handle on a node that a driver is going to run.
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

    /// The node when all effects of its inputs have been carried out: what it says then is in the store, so that a
    /// crash does not take it back. Held for a moment only: the driver waits.
    pub async fn settled(&self) -> Settled<'_> {
        let settled = self.carrying_out.read().await;
        Settled { node: self.read(), _settled: settled }
    }

    /// The same for a plain thread.
    pub fn settled_blocking(&self) -> Settled<'_> {
        let settled = self.carrying_out.blocking_read();
        Settled { node: self.read(), _settled: settled }
    }

    pub(super) fn carrying_out(&self) -> Arc<Fair<()>> {
        Arc::clone(&self.carrying_out)
    }

    /// The node, for queries whose answer need not be stored. Held for a moment only: the driver waits.
    pub fn read(&self) -> RwLockReadGuard<'_, Node> {
        self.node.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Node> {
        self.node.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The stored chain.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The file it is stored in.
    #[must_use]
    pub fn chain_file(&self) -> &Path {
        &self.chain_file
    }

    /// What an error of the store means.
    #[must_use]
    pub fn failure(&self, error: StoreError) -> Failure {
        let data_dir = self.chain_file.parent().unwrap_or(&self.chain_file);
        Failure::of_store(error, self.read().chain().params(), data_dir)
    }

    /// The way to the driver.
    #[must_use]
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    pub(super) fn payments(&self) -> &Waiting<Result<(), PoolError>> {
        &self.payments
    }

    pub(super) fn blocks(&self) -> &Waiting<Result<(), SubmitError>> {
        &self.blocks
    }

    /// Gives the node a payment, which may replace others or not, and waits for its verdict.
    ///
    /// # Errors
    /// [`SubmitFailure`] when there is no verdict.
    pub async fn submit_payment(
        &self,
        payment: Payment,
        may_replace: bool,
    ) -> Result<Result<(), PoolError>, SubmitFailure> {
        self.ask(&self.payments, |request| Command::SubmitPayment { request, payment, may_replace }).await
    }

    /// Gives the node a block and waits for its verdict.
    ///
    /// # Errors
    /// [`SubmitFailure`] when there is no verdict.
    pub async fn submit_block(&self, block: Block) -> Result<Result<(), SubmitError>, SubmitFailure> {
        let block = Box::new(block);
        self.ask(&self.blocks, |request| Command::SubmitBlock { request, block }).await
    }

    async fn ask<A>(
        &self,
        waiting: &Waiting<A>,
        command: impl FnOnce(RequestId) -> Command,
    ) -> Result<A, SubmitFailure> {
        let mut place = waiting.place().ok_or(SubmitFailure::Busy)?;
        if !self.inbox.give(Input::Command(command(place.request))).await {
            return Err(SubmitFailure::Stopping);
        }
        match timeout(ANSWER_TIMEOUT, &mut place.answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(SubmitFailure::Stopping),
            Err(_) => Err(SubmitFailure::Timeout),
        }
    }
}
