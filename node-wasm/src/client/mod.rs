//! The page's client of the node worker.

mod heartbeat;
mod requests;

use crate::messages::{
    AddressDetails, BlockDetails, BlockSummary, Draft, Failure, Found, FromNode, HistoryPage, MiningOptions,
    PageCircumstances, Paid, PrivateKeyText, Quote, SendProblem, StartOptions, ToNode, TransactionDetails, TxLocation,
    Update, WalletCommand, WalletProblem,
};
use crate::thread::Thread;
use fedcoin_keyring::{Passphrase, Sealed};
use fedcoin_node::RequestId;
use fedcoin_node::chain::ChainSample;
use fedcoin_node::primitives::{Address, BlockId, TxId};
use fedcoin_node::units::{Amount, Height};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::channel::oneshot::Receiver;
use futures::{FutureExt, StreamExt, select};
use heartbeat::Heartbeat;
use js_sys::Array;
use requests::Requests;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// URL of the script that started the page's program.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static PROGRAM_URL: String;
}

/// A running node worker. Clones are handles to the same worker. Dropping the last one ends the worker, whatever it is
/// doing.
#[derive(Clone, Debug)]
pub struct NodeClient {
    /// Bounded by the user's clicks; the worker takes each message at once.
    outbox: UnboundedSender<ToNode>,
    requests: Rc<Requests>,
}

/// No node is running: see the last [`Update`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the node is not running")]
pub struct NotRunning;

impl NodeClient {
    /// Spawns the node worker from its script and starts a node in it. `listener` gets all updates, first
    /// [`Update::Ready`] or [`Update::Failed`].
    pub fn spawn(script: &str, options: StartOptions, listener: impl FnMut(Update) + 'static) -> Self {
        let (outbox, orders) = unbounded();
        let requests = Rc::new(Requests::default());
        let client = Self { outbox, requests: Rc::clone(&requests) };
        client.post(ToNode::Start(options));
        // The worker stops sending to a silent page after a while, which bounds this queue.
        let (word, words) = unbounded();
        let (said, died) = (word.clone(), word);
        let put = |word: &UnboundedSender<Word>, what| drop(word.unbounded_send(what));
        let thread = Thread::spawn(
            script,
            move |message| put(&said, Word::Said(message)),
            move |said| put(&died, Word::Died(said)),
        );
        if let Ok(thread) = &thread {
            // Its first message says what to run.
            thread.send_value(&program());
        }
        wasm_bindgen_futures::spawn_local(converse(thread.ok(), words, orders, requests, Box::new(listener)));
        client
    }

    /// Starts mining, changes its options, or stops it.
    pub fn set_mining(&self, options: MiningOptions) {
        self.post(ToNode::SetMining(options));
    }

    /// Reports circumstances that only the page can see. Call it at the start and at each change.
    pub fn set_circumstances(&self, seen: PageCircumstances) {
        self.post(ToNode::Circumstances(seen));
    }

    /// Closes all connections, which may be dead, and dials all relays now. Call it on the browser's `online` and
    /// `resume` events.
    pub fn reconnect(&self) {
        self.post(ToNode::Reconnect);
    }

    /// Stops the node in an orderly way; [`Update::Stopped`] follows.
    pub fn stop(&self) {
        self.post(ToNode::Stop);
    }

    /// Changes the wallet.
    ///
    /// # Errors
    /// [`WalletProblem`].
    pub async fn change_wallet(&self, command: WalletCommand) -> Result<(), WalletProblem> {
        match self.ask(|request| ToNode::Wallet { request, command }).await {
            Ok(FromNode::Wallet { result, .. }) => result,
            _ => Err(WalletProblem::NotRunning),
        }
    }

    /// Returns a private key in the teaching coin's hex, to be shown to the user only. A locked wallet needs the
    /// passphrase.
    ///
    /// # Errors
    /// [`WalletProblem`].
    pub async fn export_key(
        &self,
        address: Address,
        passphrase: Option<Passphrase>,
    ) -> Result<PrivateKeyText, WalletProblem> {
        match self.ask(|request| ToNode::ExportKey { request, address, passphrase }).await {
            Ok(FromNode::PrivateKey { result, .. }) => result,
            _ => Err(WalletProblem::NotRunning),
        }
    }

    /// Returns all keys, encrypted with a passphrase; `None` means the wallet's own.
    ///
    /// # Errors
    /// [`WalletProblem`].
    pub async fn backup(&self, passphrase: Option<Passphrase>) -> Result<Sealed, WalletProblem> {
        match self.ask(|request| ToNode::Backup { request, passphrase }).await {
            Ok(FromNode::Backup { result, .. }) => result,
            _ => Err(WalletProblem::NotRunning),
        }
    }

    /// Quotes a payment from the selected key.
    ///
    /// # Errors
    /// [`SendProblem`].
    pub async fn quote(&self, draft: Draft) -> Result<Quote, SendProblem> {
        match self.ask(|request| ToNode::Quote { request, draft }).await {
            Ok(FromNode::Quoted { result, .. }) => result,
            _ => Err(SendProblem::NotRunning),
        }
    }

    /// Quotes a waiting payment with a higher fee; `None` means the minimum.
    ///
    /// # Errors
    /// [`SendProblem`].
    pub async fn quote_bump(&self, txid: TxId, fee: Option<Amount>) -> Result<Quote, SendProblem> {
        match self.ask(|request| ToNode::QuoteBump { request, txid, fee }).await {
            Ok(FromNode::Quoted { result, .. }) => result,
            _ => Err(SendProblem::NotRunning),
        }
    }

    /// Pays exactly the quote from the selected key. Returns the accepted payments, and the reason if not all were
    /// accepted.
    pub async fn send(
        &self,
        recipient: Address,
        quote: Quote,
        passphrase: Option<Passphrase>,
    ) -> (Vec<Paid>, Option<SendProblem>) {
        self.pay(|request| ToNode::Send { request, recipient, quote, passphrase }).await
    }

    /// Replaces a waiting payment by one with the quoted fee; returns the new payment.
    ///
    /// # Errors
    /// [`SendProblem`].
    pub async fn bump(&self, txid: TxId, quote: Quote, passphrase: Option<Passphrase>) -> Result<Paid, SendProblem> {
        let (paid, problem) = self.pay(|request| ToNode::Bump { request, txid, quote, passphrase }).await;
        paid.first().copied().ok_or(problem.unwrap_or(SendProblem::NotRunning))
    }

    async fn pay(&self, question: impl FnOnce(RequestId) -> ToNode) -> (Vec<Paid>, Option<SendProblem>) {
        let (request, answer) = self.requests.ask();
        self.post(question(request));
        if let Ok(FromNode::Sent { paid, problem, .. }) = answer.await {
            return (paid, problem);
        }
        // The worker says what it is about to submit before it does.
        match self.requests.lost(request) {
            lost if lost.is_empty() => (Vec::new(), Some(SendProblem::NotRunning)),
            lost => (Vec::new(), Some(SendProblem::Unknown(lost))),
        }
    }

    /// Blocks of the primary chain from a height (or the tip) downwards, highest first.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn blocks(&self, from: Option<Height>, count: u32) -> Result<Vec<BlockSummary>, NotRunning> {
        match self.ask(|request| ToNode::Blocks { request, from, count }).await {
            Ok(FromNode::Blocks { blocks, .. }) => Ok(blocks),
            _ => Err(NotRunning),
        }
    }

    /// A block, if it is stored.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn block(&self, id: BlockId) -> Result<Option<Box<BlockDetails>>, NotRunning> {
        match self.ask(|request| ToNode::Block { request, id }).await {
            Ok(FromNode::Block { block, .. }) => Ok(block),
            _ => Err(NotRunning),
        }
    }

    /// A transaction, if it is in the mempool or on the primary chain.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn transaction(&self, id: TxId) -> Result<Option<Box<TransactionDetails>>, NotRunning> {
        match self.ask(|request| ToNode::Transaction { request, id }).await {
            Ok(FromNode::Transaction { transaction, .. }) => Ok(transaction),
            _ => Err(NotRunning),
        }
    }

    /// Balance and coins of an address.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn address(&self, address: Address) -> Result<AddressDetails, NotRunning> {
        match self.ask(|request| ToNode::Address { request, address }).await {
            Ok(FromNode::Address { details, .. }) => Ok(details),
            _ => Err(NotRunning),
        }
    }

    /// A page of the history of some addresses together: the newest entries, or those before `before`.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn address_history(
        &self,
        addresses: Vec<Address>,
        before: Option<TxLocation>,
    ) -> Result<HistoryPage, NotRunning> {
        match self.ask(|request| ToNode::AddressHistory { request, addresses, before }).await {
            Ok(FromNode::AddressHistory { page, .. }) => Ok(page),
            _ => Err(NotRunning),
        }
    }

    /// Points for charts of the primary chain's last `blocks` blocks, oldest first.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn samples(&self, blocks: u32, points: u32) -> Result<Vec<ChainSample>, NotRunning> {
        match self.ask(|request| ToNode::Samples { request, blocks, points }).await {
            Ok(FromNode::Samples { samples, .. }) => Ok(samples),
            _ => Err(NotRunning),
        }
    }

    /// Resolves a search text.
    ///
    /// # Errors
    /// [`NotRunning`].
    pub async fn find(&self, text: String) -> Result<Found, NotRunning> {
        match self.ask(|request| ToNode::Find { request, text }).await {
            Ok(FromNode::Found { found, .. }) => Ok(found),
            _ => Err(NotRunning),
        }
    }

    /// Sends a question to the worker; returns a receiver of the answer.
    fn ask(&self, question: impl FnOnce(RequestId) -> ToNode) -> Receiver<FromNode> {
        let (request, answer) = self.requests.ask();
        self.post(question(request));
        answer
    }

    /// If the worker is gone, the message may be lost: the listener learns of it.
    fn post(&self, message: ToNode) {
        let _ = self.outbox.unbounded_send(message);
    }
}

/// The page's own program for its worker: its script, and the module that the browser has already compiled. So the
/// worker always runs the page's build and downloads nothing.
fn program() -> JsValue {
    let script = PROGRAM_URL.with(|url| JsValue::from(url));
    Array::of2(&script, &wasm_bindgen::module()).into()
}

/// An event from the worker.
#[derive(Debug)]
enum Word {
    /// A message.
    Said(FromNode),
    /// Its script did not load (`None`), or it met an unexpected error.
    Died(Option<String>),
}

/// Passes messages both ways until the page drops the client. A worker that is still loading would miss messages, so it
/// sends first.
async fn converse(
    thread: Option<Thread>,
    mut words: UnboundedReceiver<Word>,
    mut orders: UnboundedReceiver<ToNode>,
    requests: Rc<Requests>,
    mut listener: Box<dyn FnMut(Update)>,
) {
    let mut heartbeat = Heartbeat::new();
    let mut failed = false;
    let mut early = Some(Vec::new());
    let send = |message: &ToNode| thread.iter().for_each(|thread| thread.send(message));
    loop {
        let ended = select! {
            word = words.select_next_some() => match word {
                Word::Said(message) => {
                    heartbeat.received();
                    early.take().into_iter().flatten().for_each(|message| send(&message));
                    if let Some(update) = requests.answer(message) {
                        listener(update);
                    }
                    None
                }
                Word::Died(said) => Some(Failure::of_error(said)),
            },
            order = orders.next() => {
                let Some(order) = order else { break };
                match &mut early {
                    Some(early) => early.push(order),
                    None => send(&order),
                }
                None
            }
            () = heartbeat.beat().fuse() => {
                if early.is_none() {
                    send(&ToNode::Ping);
                }
                heartbeat.has_stopped().then_some(Failure::NoAnswer)
            }
        };
        if let Some(failure) = ended.or_else(|| thread.is_none().then_some(Failure::NotLoaded))
            && !failed
        {
            failed = true;
            requests.give_up();
            listener(Update::Failed(failure));
        }
    }
    requests.give_up();
}
