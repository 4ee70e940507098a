//! What the page and the node worker tell each other.
//!
//! Every question carries a [`RequestId`] of the page's choice and is answered exactly once, by
//! the variant of [`FromNode`] that belongs to it; [`crate::client::NodeClient`] pairs them up.

use fedcoin_node::consensus::ChainParams;
use fedcoin_node::mempool::PoolError;
use fedcoin_node::primitives::{Address, Block, BlockId, OutPoint, Output, TxId};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};
use fedcoin_node::wallet::{Balance, Coin, WalletError};
use fedcoin_node::{Event, MiningPolicy, PeerAddress, RequestId, Status};
use serde::{Deserialize, Serialize};

/// Most blocks that [`State::recent_blocks`] and one [`ToNode::Blocks`] answer hold.
pub const MAX_BLOCKS_SHOWN: usize = 64;
/// Most payments that [`MempoolState::payments`] holds.
pub const MAX_PAYMENTS_SHOWN: usize = 100;
/// Most entries of a [`FromNode::History`] answer.
pub const MAX_HISTORY: usize = 500;
/// Most coins of an [`AddressDetails`].
pub const MAX_COINS_SHOWN: usize = 200;
/// Most mining workers.
pub const MAX_THREADS: u32 = 64;

/// From the page to the node worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToNode {
    /// The first message: open the slot and start the node. Answered by [`Update::Ready`] or
    /// [`Update::Failed`].
    Start(StartOptions),
    /// Are you there? Answered by [`FromNode::Pong`].
    Ping,
    /// Put everything on disk, say goodbye to the peers and stop; answered by
    /// [`Update::Stopped`].
    Stop,
    /// Close all connections, which may be dead, and dial all relays now: the browser came online.
    Reconnect,
    /// Mine, change how, or stop.
    SetMining(MiningOptions),
    /// Change the wallet; answered by [`FromNode::Wallet`].
    Wallet {
        /// Comes back in the answer.
        request: RequestId,
        /// How.
        command: WalletCommand,
    },
    /// Show a private key; answered by [`FromNode::PrivateKey`]. The only way a key leaves the
    /// worker.
    ExportKey {
        /// Comes back in the answer.
        request: RequestId,
        /// Whose.
        address: Address,
    },
    /// Pay from the selected key; answered by [`FromNode::Sent`].
    Send {
        /// Comes back in the answer.
        request: RequestId,
        /// What the user typed: an address or a public key in hex.
        recipient: String,
        /// What the user typed: a decimal number of FED.
        amount: String,
        /// What the user typed: a decimal number of FED; empty means what the node thinks gets the
        /// payment mined within 3 blocks.
        fee: String,
    },
    /// Blocks of the primary chain, highest first; answered by [`FromNode::Blocks`].
    Blocks {
        /// Comes back in the answer.
        request: RequestId,
        /// The highest block wanted; `None` is the tip.
        from: Option<Height>,
        /// How many; at most [`MAX_BLOCKS_SHOWN`].
        count: u32,
    },
    /// One block; answered by [`FromNode::Block`].
    Block {
        /// Comes back in the answer.
        request: RequestId,
        /// Which.
        id: BlockId,
    },
    /// One transaction; answered by [`FromNode::Payment`].
    Payment {
        /// Comes back in the answer.
        request: RequestId,
        /// Which: a payment's or a coinbase's id.
        id: TxId,
    },
    /// An address's coins; answered by [`FromNode::Address`].
    Address {
        /// Comes back in the answer.
        request: RequestId,
        /// Whose.
        address: Address,
    },
    /// What the selected key received and paid, newest first; answered by [`FromNode::History`].
    History {
        /// Comes back in the answer.
        request: RequestId,
    },
    /// What a search text means; answered by [`FromNode::Found`].
    Find {
        /// Comes back in the answer.
        request: RequestId,
        /// A height, a block id, a transaction id, an address or a public key in hex.
        text: String,
    },
}

/// From the node worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromNode {
    /// What nobody asked for.
    Update(Update),
    /// The answer to [`ToNode::Ping`].
    Pong,
    /// The answer to [`ToNode::Wallet`]: the address made, imported, removed or selected.
    Wallet {
        /// The question's.
        request: RequestId,
        /// The outcome.
        result: Result<Address, WalletProblem>,
    },
    /// The answer to [`ToNode::ExportKey`]: PKCS#8 DER in hex, the teaching coin's form.
    PrivateKey {
        /// The question's.
        request: RequestId,
        /// The outcome.
        result: Result<PrivateKeyText, WalletProblem>,
    },
    /// The answer to [`ToNode::Send`]: the payment is in the mempool and announced.
    Sent {
        /// The question's.
        request: RequestId,
        /// The payment's id.
        result: Result<TxId, SendProblem>,
    },
    /// The answer to [`ToNode::Blocks`].
    Blocks {
        /// The question's.
        request: RequestId,
        /// Highest first.
        blocks: Vec<BlockSummary>,
    },
    /// The answer to [`ToNode::Block`]: `None` when it is not stored here.
    Block {
        /// The question's.
        request: RequestId,
        /// The block.
        block: Option<Box<BlockDetails>>,
    },
    /// The answer to [`ToNode::Payment`]: `None` when it is neither in the mempool nor in the
    /// blocks searched.
    Payment {
        /// The question's.
        request: RequestId,
        /// The transaction.
        payment: Option<Box<PaymentDetails>>,
    },
    /// The answer to [`ToNode::Address`].
    Address {
        /// The question's.
        request: RequestId,
        /// What it holds.
        details: AddressDetails,
    },
    /// The answer to [`ToNode::History`].
    History {
        /// The question's.
        request: RequestId,
        /// Newest first; at most [`MAX_HISTORY`].
        entries: Vec<HistoryEntry>,
    },
    /// The answer to [`ToNode::Find`].
    Found {
        /// The question's.
        request: RequestId,
        /// What it is.
        found: Found,
    },
}

/// What the node worker tells unasked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Update {
    /// The node runs.
    Ready(Ready),
    /// The node did not start, or had to stop. Keys are safe and can still be exported; the page
    /// may start again with a new [`crate::client::NodeClient`].
    Failed(Failure),
    /// The answer to [`ToNode::Stop`].
    Stopped,
    /// Everything the dashboard shows; at most five a second, and at once when the tip changes.
    State(Box<State>),
    /// Something happened.
    Event(LogEntry),
}

/// How a node starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartOptions {
    /// The network's rules.
    pub params: ChainParams,
    /// Relays to keep connections to.
    pub relays: Vec<PeerAddress>,
    /// The slot this tab had last time, which [`Ready::slot`] told; keep it in `sessionStorage`.
    pub slot: Option<u32>,
    /// Whether the page was reloaded a moment ago: then the old worker may still hold the slot,
    /// and it is waited for.
    pub reloaded: bool,
    /// How to mine from the start.
    pub mining: MiningOptions,
}

/// How the tab mines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiningOptions {
    /// Whether at all. Rewards go to the selected key; without a key nothing is mined.
    pub on: bool,
    /// When.
    pub policy: MiningPolicy,
    /// Mining workers, 1 to [`MAX_THREADS`].
    pub threads: u32,
    /// The share of its core that each worker uses, in percent, 1 to 100.
    pub share: u8,
    /// For benchmarks: hash for so many milliseconds between two looks at the event loop, without the shared flag.
    pub slice_ms: Option<u32>,
}

/// The node runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// The slot, to be remembered by the page.
    pub slot: u32,
    /// Where the chain is kept.
    pub storage: StorageState,
    /// Where the keys are kept.
    pub keys: KeyStorage,
    /// What checks signatures.
    pub verifier: VerifierKind,
}

/// Why no node runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure {
    /// The rules given make no sense.
    #[error("the network's rules make no sense: {0}")]
    Params(String),
    /// The browser ended the storage, or it is full. The chain up to the last commit is safe.
    #[error("the browser's storage failed: {0}")]
    Storage(String),
    /// What is stored contradicts itself. A reload starts afresh in a new file.
    #[error("the stored chain is damaged: {0}")]
    Corrupt(String),
    /// The worker sent nothing for a long time, or its file is missing: reload the page.
    #[error("the node's worker does not answer")]
    NoAnswer,
    /// Something that should not happen.
    #[error("{0}")]
    Other(String),
}

/// Everything the dashboard shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The node's own view.
    pub status: Status,
    /// When this was true, by the browser's clock.
    pub time: Timestamp,
    /// The keys and what they hold.
    pub wallet: WalletState,
    /// The newest blocks, side branches included, highest first; at most [`MAX_BLOCKS_SHOWN`].
    pub recent_blocks: Vec<BlockSummary>,
    /// What waits to be mined.
    pub mempool: MempoolState,
    /// The mining workers.
    pub mining: MiningState,
    /// Where the chain is kept.
    pub storage: StorageState,
    /// The relays, in the order given.
    pub relays: Vec<RelayState>,
}

/// The keys of this tab.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WalletState {
    /// All keys, oldest first.
    pub keys: Vec<KeyState>,
    /// The one that pays and gets mining rewards.
    pub selected: Option<Address>,
}

/// A key and what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyState {
    /// Its address.
    pub address: Address,
    /// The public key in the teaching coin's hex (SPKI DER).
    pub public_key: String,
    /// What it holds.
    pub balance: Balance,
}

/// A change of the wallet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WalletCommand {
    /// Draw a new key and select it.
    New,
    /// Add a private key (PKCS#8 DER in hex) and select it.
    Import {
        /// What the user typed or the file holds.
        hex: String,
    },
    /// Delete a key for good.
    Remove {
        /// Whose.
        address: Address,
    },
    /// Pay with this key and mine to it.
    Select {
        /// Whose.
        address: Address,
    },
}

/// Why the wallet was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WalletProblem {
    /// Not a private key.
    #[error("{0}")]
    Key(String),
    /// No such key here.
    #[error("there is no key of this address here")]
    Unknown,
    /// At most [`crate::messages::MAX_KEYS`] keys.
    #[error("a wallet holds at most {MAX_KEYS} keys")]
    Full,
    /// The browser did not store or delete it: nothing has changed.
    #[error("the browser could not store the key: {0}")]
    Storage(String),
    /// No node runs (any more).
    #[error("the node does not run")]
    NotRunning,
}

/// Most keys of a tab.
pub const MAX_KEYS: usize = 100;

/// A private key as text. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateKeyText(pub String);

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SendProblem {
    /// No key is selected.
    #[error("make or import a key first")]
    NoKey,
    /// Neither an address nor a public key.
    #[error("{0}")]
    Recipient(String),
    /// Not an amount, or zero.
    #[error("{0}")]
    Amount(String),
    /// Not an amount.
    #[error("{0}")]
    Fee(String),
    /// It cannot be put together, for example from too little money.
    #[error(transparent)]
    Wallet(WalletError),
    /// The node did not take it.
    #[error(transparent)]
    Refused(PoolError),
    /// No node runs (any more).
    #[error("the node does not run")]
    NotRunning,
}

/// A block in a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockSummary {
    /// Its id.
    pub id: BlockId,
    /// Its parent.
    pub previous: BlockId,
    /// Its height.
    pub height: Height,
    /// Its time.
    pub time: Timestamp,
    /// Its target.
    pub target: CompactTarget,
    /// What is known of it.
    pub place: BlockPlace,
    /// Its payments; `None` when the block itself is not stored (yet).
    pub payments: Option<u32>,
    /// Size in bytes; `None` when the block itself is not stored (yet).
    pub bytes: Option<u32>,
    /// Who mined it; `None` when the block itself is not stored (yet).
    pub miner: Option<Address>,
    /// What the coinbase pays; `None` when the block itself is not stored (yet).
    pub reward: Option<Amount>,
}

/// Where a block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockPlace {
    /// On the primary chain.
    Primary,
    /// On a backup chain.
    Side,
    /// Only its header is known so far.
    HeaderOnly,
    /// It breaks a rule.
    Invalid,
}

/// A whole block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockDetails {
    /// What a list shows of it.
    pub summary: BlockSummary,
    /// The block.
    pub block: Block,
    /// The coinbase's id.
    pub coinbase_id: TxId,
    /// Its payments, as [`BlockDetails::block`] orders them.
    pub payments: Vec<PaymentDetails>,
    /// Blocks above it on the primary chain, itself included; 0 off the primary chain.
    pub confirmations: u32,
}

/// A transaction in a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentSummary {
    /// Its id.
    pub txid: TxId,
    /// Who pays.
    pub sender: Address,
    /// Sum of the outputs that do not go back to the sender.
    pub paid: Amount,
    /// The fee, where the spent outputs are known.
    pub fee: Option<Amount>,
    /// Size in bytes.
    pub bytes: u32,
}

/// A whole transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentDetails {
    /// Its id.
    pub txid: TxId,
    /// Who pays; `None` is a coinbase.
    pub sender: Option<Address>,
    /// Whether a payment of a higher fee may take its place while it waits; never of a coinbase.
    pub replaceable: bool,
    /// The outputs spent, with what they held where that is known.
    pub inputs: Vec<(OutPoint, Option<Output>)>,
    /// The outputs made.
    pub outputs: Vec<Output>,
    /// The fee, where the spent outputs are known.
    pub fee: Option<Amount>,
    /// Size in bytes.
    pub bytes: u32,
    /// Its block; `None` while it waits in the mempool.
    pub block: Option<(BlockId, Height)>,
    /// Blocks above it on the primary chain, its own included; 0 off the primary chain.
    pub confirmations: u32,
}

/// What waits to be mined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MempoolState {
    /// The oldest ones; at most [`MAX_PAYMENTS_SHOWN`].
    pub payments: Vec<PaymentSummary>,
    /// How many there are.
    pub count: u32,
    /// Their size in bytes.
    pub bytes: u64,
    /// A fee with which a payment of up to 20 coins should be mined within 3 blocks.
    pub usual_fee: Amount,
}

/// The mining workers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MiningState {
    /// What the user chose.
    pub options: MiningOptions,
    /// One per thread.
    pub workers: Vec<MinerState>,
    /// Completed hashes per second, all workers together.
    pub hash_rate: f64,
    /// Hashes since the start.
    pub hashes: u64,
    /// How many of them came after a better tip was heard of or a pause was asked for, as estimated.
    pub stale_hashes: u64,
    /// Whether orders reach the miners through shared memory: elsewhere they look at their messages instead.
    pub shared_flag: bool,
    /// Blocks found since the start that became the tip.
    pub blocks_found: u32,
    /// Time from the order to pause or to change until the last worker has confirmed it.
    pub preemption: Option<Latency>,
}

/// One mining worker.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MinerState {
    /// Completed hashes per second over the last seconds.
    pub hash_rate: f64,
    /// How it does.
    pub health: MinerHealth,
    /// How often it had to be started again.
    pub restarts: u32,
}

/// How a mining worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MinerHealth {
    /// It has been started and has not answered yet.
    Starting,
    /// It waits for a job.
    Idle,
    /// It searches.
    Searching,
    /// It said nothing for seconds although it should search; it is being replaced.
    Silent,
}

/// A distribution of times in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// How many were measured.
    pub count: u32,
    /// Half were at most this.
    pub p50_ms: f64,
    /// 99 of 100 were at most this.
    pub p99_ms: f64,
}

/// Where the chain is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageState {
    /// In a file, or only in memory.
    pub kind: StorageKind,
    /// Size of the stored chain in bytes.
    pub bytes: u64,
    /// An earlier file that could not be used and was kept: its name and why.
    pub set_aside: Option<(String, String)>,
}

/// Where the chain is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageKind {
    /// In a file of the browser's private file system; it survives a reload.
    Opfs,
    /// In memory: after a reload the chain is fetched again.
    Memory(MemoryReason),
}

/// Why the chain is kept in memory only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum MemoryReason {
    /// Plain http from another machine: the browser offers files to https and localhost only.
    #[error("the page was not loaded over https or from localhost")]
    NotSecure,
    /// The browser has no private file system.
    #[error("this browser has no private file system")]
    NotSupported,
    /// Every slot is in use by another tab.
    #[error("all {0} slots are in use by other tabs")]
    AllSlotsBusy(u32),
    /// The browser refused, as in some private windows.
    #[error("the browser refused: {0}")]
    Refused(String),
}

/// Where the keys are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStorage {
    /// In the browser's database; they survive a reload.
    IndexedDb,
    /// In memory, and why: they are lost on reload unless exported.
    Memory(String),
}

/// What checks signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VerifierKind {
    /// The browser's own code.
    WebCrypto,
    /// Compiled into the node: slower; used where the page is not a secure context.
    Wasm,
}

/// The connection to one relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayState {
    /// Its address.
    pub address: PeerAddress,
    /// How it stands.
    pub connection: RelayConnection,
}

/// How a connection stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayConnection {
    /// Not dialled yet.
    Idle,
    /// Being dialled, or shaking hands.
    Connecting,
    /// Both sides know each other.
    Ready,
    /// Lost or refused; it is dialled again.
    Waiting {
        /// Why.
        error: String,
        /// When it is dialled again, by the browser's clock.
        retry_at: Option<Timestamp>,
    },
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When, by the browser's clock.
    pub time: Timestamp,
    /// What.
    pub what: Happening,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Happening {
    /// In the node.
    Node(Event),
    /// A mining worker did not answer and was replaced.
    MinerReplaced {
        /// Which, from 0.
        worker: u32,
    },
    /// The browser slept or the tab was frozen; the relays are dialled again.
    WokeUp {
        /// For how long, in milliseconds.
        asleep_ms: u64,
    },
    /// WebCrypto failed; signatures are checked in wasm from now on.
    VerifierFellBack {
        /// What WebCrypto said.
        error: String,
    },
    /// A socket was closed because it took bytes too slowly or sent something else than frames.
    SocketDropped {
        /// Where to.
        address: PeerAddress,
        /// Why.
        reason: String,
    },
}

/// What an address holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddressDetails {
    /// Which.
    pub address: Address,
    /// Its balance.
    pub balance: Balance,
    /// What it can spend now; at most [`MAX_COINS_SHOWN`].
    pub coins: Vec<Coin>,
}

/// What a key received or paid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The transaction.
    pub txid: TxId,
    /// Its block; `None` while it waits in the mempool.
    pub block: Option<(BlockId, Height)>,
    /// The block's time; `None` while it waits.
    pub time: Option<Timestamp>,
    /// What it was.
    pub kind: HistoryKind,
    /// How much came in or went out (the fee not counted).
    pub amount: Amount,
    /// The other side; `None` for a mining reward.
    pub other: Option<Address>,
}

/// What a history entry was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HistoryKind {
    /// A mining reward.
    Mined,
    /// A payment to the key.
    Received,
    /// A payment by the key.
    Paid,
    /// A payment by the key to itself.
    ToSelf,
}

/// What a search text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// A block known here.
    Block(BlockId),
    /// A transaction known here.
    Payment(TxId),
    /// An address.
    Address(Address),
    /// Nothing known here.
    Nothing,
}

impl Default for MiningOptions {
    /// Off; one worker with its whole core when switched on.
    fn default() -> Self {
        Self { on: false, policy: MiningPolicy::default(), threads: 1, share: 100, slice_ms: None }
    }
}

impl core::fmt::Debug for PrivateKeyText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PrivateKeyText(..)")
    }
}

impl core::fmt::Debug for WalletCommand {
    /// Leaves the private key out.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::New => f.write_str("New"),
            Self::Import { .. } => f.write_str("Import(..)"),
            Self::Remove { address } => write!(f, "Remove({address})"),
            Self::Select { address } => write!(f, "Select({address})"),
        }
    }
}
