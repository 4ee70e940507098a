//! The page's end of the node worker.

mod heartbeat;
mod pending;

use crate::messages::{
    AddressDetails, BlockDetails, BlockSummary, Draft, Failure, Found, FromNode, HistoryPage, HistoryPlace,
    MiningOptions, PageCircumstances, PaymentDetails, PrivateKeyText, Quote, SendProblem, StartOptions, ToNode, Update,
    WalletCommand, WalletProblem,
};
use crate::thread::Thread;
use fedcoin_keyring::{Passphrase, Sealed};
use fedcoin_node::chain::ChainSample;
use fedcoin_node::primitives::{Address, BlockId, TxId};
use fedcoin_node::units::Height;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{FutureExt, StreamExt, select};
use heartbeat::Heartbeat;
use pending::Pending;
use std::rc::Rc;

/// The node worker's script, beside the page.
const NODE_WORKER: &str = "./node-worker_loader.js";

/// A running node worker. Clones are handles to the same one; when the last is gone, the worker
/// is ended, whatever it does.
#[derive(Clone, Debug)]
pub struct NodeClient {
    /// Bounded by what a person clicks; the worker takes each at once.
    outbox: UnboundedSender<ToNode>,
    pending: Rc<PendingAnswers>,
}

/// No node runs (any more): see the last [`Update`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the node does not run")]
pub struct NotRunning;

/// The questions without an answer so far, by the type of the answer.
#[derive(Debug, Default)]
struct PendingAnswers {
    wallet: Pending<Result<(), WalletProblem>>,
    key: Pending<Result<PrivateKeyText, WalletProblem>>,
    backup: Pending<Result<Sealed, WalletProblem>>,
    quoted: Pending<Result<Quote, SendProblem>>,
    sent: Pending<Result<TxId, SendProblem>>,
    blocks: Pending<Vec<BlockSummary>>,
    block: Pending<Option<Box<BlockDetails>>>,
    payment: Pending<Option<Box<PaymentDetails>>>,
    address: Pending<AddressDetails>,
    address_history: Pending<HistoryPage>,
    samples: Pending<Vec<ChainSample>>,
    found: Pending<Found>,
}

impl NodeClient {
    /// Spawns the node worker and starts a node in it. `listener` is told everything that nobody
    /// asked for, first [`Update::Ready`] or [`Update::Failed`].
    pub fn spawn(options: StartOptions, listener: impl FnMut(Update) + 'static) -> Self {
        let (outbox, orders) = unbounded();
        let pending = Rc::new(PendingAnswers::default());
        let client = Self { outbox, pending: Rc::clone(&pending) };
        client.tell(ToNode::Start(options));
        // The worker tells a page that says nothing no more after a while: that bounds this queue.
        let (word, words) = unbounded();
        let (said, died) = (word.clone(), word);
        let put = |word: &UnboundedSender<Word>, what| drop(word.unbounded_send(what));
        let thread =
            Thread::spawn(NODE_WORKER, move |message| put(&said, Word::Said(message)), move || put(&died, Word::Died));
        wasm_bindgen_futures::spawn_local(converse(thread.ok(), words, orders, pending, Box::new(listener)));
        client
    }

    /// Mines, changes how, or stops.
    pub fn set_mining(&self, options: MiningOptions) {
        self.tell(ToNode::SetMining(options));
    }

    /// Tells what only the page sees; to be called at the start and on each change.
    pub fn set_circumstances(&self, seen: PageCircumstances) {
        self.tell(ToNode::Circumstances(seen));
    }

    /// Closes all connections, which may be dead, and dials all relays now: call it on the browser's `online` and
    /// `resume` events.
    pub fn reconnect(&self) {
        self.tell(ToNode::Reconnect);
    }

    /// Stops the node in good order; [`Update::Stopped`] follows.
    pub fn stop(&self) {
        self.tell(ToNode::Stop);
    }

    /// Changes the wallet.
    ///
    /// # Errors
    /// [`WalletProblem`].
    pub async fn change_wallet(&self, command: WalletCommand) -> Result<(), WalletProblem> {
        let (request, answer) = self.pending.wallet.ask();
        self.tell(ToNode::Wallet { request, command });
        answer.await.unwrap_or(Err(WalletProblem::NotRunning))
    }

    /// A private key in the teaching coin's hex, for the user's eyes only. A locked wallet needs the
    /// passphrase.
    ///
    /// # Errors
    /// [`WalletProblem`].
    pub async fn export_key(
        &self,
        address: Address,
        passphrase: Option<Passphrase>,
    ) -> Result<PrivateKeyText, WalletProblem> {
        let (request, answer) = self.pending.key.ask();
        self.tell(ToNode::ExportKey { request, address, passphrase });
        answer.await.unwrap_or(Err(WalletProblem::NotRunning))
    }

    /// All keys under a passphrase; `None` is the wallet's own.
    ///
    /// # Errors
    /// [`WalletProblem`].
    pub async fn backup(&self, passphrase: Option<Passphrase>) -> Result<Sealed, WalletProblem> {
        let (request, answer) = self.pending.backup.ask();
        self.tell(ToNode::Backup { request, passphrase });
        answer.await.unwrap_or(Err(WalletProblem::NotRunning))
    }

    /// What a payment from the selected key would be.
    ///
    /// # Errors
    /// [`SendProblem`].
    pub async fn quote(&self, draft: Draft) -> Result<Quote, SendProblem> {
        let (request, answer) = self.pending.quoted.ask();
        self.tell(ToNode::Quote { request, draft });
        answer.await.unwrap_or(Err(SendProblem::NotRunning))
    }

    /// What a waiting payment would be with a higher fee; without one it is the least.
    ///
    /// # Errors
    /// [`SendProblem`].
    pub async fn quote_bump(&self, txid: TxId, fee: String) -> Result<Quote, SendProblem> {
        let (request, answer) = self.pending.quoted.ask();
        self.tell(ToNode::QuoteBump { request, txid, fee });
        answer.await.unwrap_or(Err(SendProblem::NotRunning))
    }

    /// Pays from the selected key; the texts are as the user typed them.
    ///
    /// # Errors
    /// [`SendProblem`].
    pub async fn send(
        &self,
        recipient: String,
        amount: String,
        fee: String,
        passphrase: Option<Passphrase>,
    ) -> Result<TxId, SendProblem> {
        let (request, answer) = self.pending.sent.ask();
        self.tell(ToNode::Send { request, recipient, amount, fee, passphrase });
        answer.await.unwrap_or(Err(SendProblem::NotRunning))
    }

    /// Sends a waiting payment again with a higher fee; returns the new one's id.
    ///
    /// # Errors
    /// [`SendProblem`].
    pub async fn bump(&self, txid: TxId, fee: String, passphrase: Option<Passphrase>) -> Result<TxId, SendProblem> {
        let (request, answer) = self.pending.sent.ask();
        self.tell(ToNode::Bump { request, txid, fee, passphrase });
        answer.await.unwrap_or(Err(SendProblem::NotRunning))
    }

    /// Blocks of the primary chain from a height (or the tip) down, highest first.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn blocks(&self, from: Option<Height>, count: u32) -> Result<Vec<BlockSummary>, NotRunning> {
        let (request, answer) = self.pending.blocks.ask();
        self.tell(ToNode::Blocks { request, from, count });
        answer.await.map_err(|_| NotRunning)
    }

    /// A block, if it is stored here.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn block(&self, id: BlockId) -> Result<Option<Box<BlockDetails>>, NotRunning> {
        let (request, answer) = self.pending.block.ask();
        self.tell(ToNode::Block { request, id });
        answer.await.map_err(|_| NotRunning)
    }

    /// A transaction, if it is in the mempool or the blocks searched.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn payment(&self, id: TxId) -> Result<Option<Box<PaymentDetails>>, NotRunning> {
        let (request, answer) = self.pending.payment.ask();
        self.tell(ToNode::Payment { request, id });
        answer.await.map_err(|_| NotRunning)
    }

    /// What an address holds.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn address(&self, address: Address) -> Result<AddressDetails, NotRunning> {
        let (request, answer) = self.pending.address.ask();
        self.tell(ToNode::Address { request, address });
        answer.await.map_err(|_| NotRunning)
    }

    /// A page of what an address received and paid: the newest, or what is older than `before`.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn address_history(
        &self,
        address: Address,
        before: Option<HistoryPlace>,
    ) -> Result<HistoryPage, NotRunning> {
        let (request, answer) = self.pending.address_history.ask();
        self.tell(ToNode::AddressHistory { request, address, before });
        answer.await.map_err(|_| NotRunning)
    }

    /// Points of charts of the primary chain's last `blocks` blocks, the oldest first.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn samples(&self, blocks: u32, points: u32) -> Result<Vec<ChainSample>, NotRunning> {
        let (request, answer) = self.pending.samples.ask();
        self.tell(ToNode::Samples { request, blocks, points });
        answer.await.map_err(|_| NotRunning)
    }

    /// What a search text means.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn find(&self, text: String) -> Result<Found, NotRunning> {
        let (request, answer) = self.pending.found.ask();
        self.tell(ToNode::Find { request, text });
        answer.await.map_err(|_| NotRunning)
    }

    /// A worker that is gone is told by the listener, so nothing is lost by dropping the message.
    fn tell(&self, message: ToNode) {
        let _ = self.outbox.unbounded_send(message);
    }
}

impl PendingAnswers {
    /// Gives an answer to whoever asked.
    fn answer(&self, message: FromNode) -> Option<Update> {
        match message {
            FromNode::Update(update) => return Some(update),
            FromNode::Pong => {}
            FromNode::Wallet { request, result } => self.wallet.answer(request, result),
            FromNode::PrivateKey { request, result } => self.key.answer(request, result),
            FromNode::Backup { request, result } => self.backup.answer(request, result),
            FromNode::Quoted { request, result } => self.quoted.answer(request, result),
            FromNode::Sent { request, result } => self.sent.answer(request, result),
            FromNode::Blocks { request, blocks } => self.blocks.answer(request, blocks),
            FromNode::Block { request, block } => self.block.answer(request, block),
            FromNode::Payment { request, payment } => self.payment.answer(request, payment),
            FromNode::Address { request, details } => self.address.answer(request, details),
            FromNode::AddressHistory { request, page } => self.address_history.answer(request, page),
            FromNode::Samples { request, samples } => self.samples.answer(request, samples),
            FromNode::Found { request, found } => self.found.answer(request, found),
        }
        None
    }

    /// Ends every wait: no answer will come.
    fn give_up(&self) {
        self.wallet.give_up();
        self.key.give_up();
        self.backup.give_up();
        self.quoted.give_up();
        self.sent.give_up();
        self.blocks.give_up();
        self.block.give_up();
        self.payment.give_up();
        self.address.give_up();
        self.address_history.give_up();
        self.samples.give_up();
        self.found.give_up();
    }
}

/// What comes from the worker.
#[derive(Debug)]
enum Word {
    /// A message.
    Said(FromNode),
    /// Its script could not be loaded, or it met an error nobody expected.
    Died,
}

/// Carries messages both ways until the page lets go of the client. A worker that is still being loaded would
/// miss what it is told: it speaks first.
async fn converse(
    thread: Option<Thread>,
    mut words: UnboundedReceiver<Word>,
    mut orders: UnboundedReceiver<ToNode>,
    pending: Rc<PendingAnswers>,
    mut listener: Box<dyn FnMut(Update)>,
) {
    let mut heartbeat = Heartbeat::new();
    let mut failed = false;
    let mut early = Some(Vec::new());
    let send = |message: &ToNode| thread.iter().for_each(|thread| thread.send(message));
    loop {
        let dead = select! {
            word = words.select_next_some() => match word {
                Word::Said(message) => {
                    heartbeat.heard();
                    early.take().into_iter().flatten().for_each(|message| send(&message));
                    if let Some(update) = pending.answer(message) {
                        listener(update);
                    }
                    false
                }
                Word::Died => true,
            },
            order = orders.next() => {
                let Some(order) = order else { break };
                match &mut early {
                    Some(early) => early.push(order),
                    None => send(&order),
                }
                false
            }
            () = heartbeat.beat().fuse() => {
                if early.is_none() {
                    send(&ToNode::Ping);
                }
                heartbeat.has_stopped()
            }
        };
        if (dead || thread.is_none()) && !failed {
            failed = true;
            pending.give_up();
            listener(Update::Failed(Failure::NoAnswer));
        }
    }
    pending.give_up();
}
