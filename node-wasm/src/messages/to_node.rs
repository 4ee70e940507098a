//! What the page tells and asks the node worker.

use super::{Draft, HistoryCursor, MiningOptions, PageCircumstances, Quote, WalletCommand};
use fedcoin_keyring::Passphrase;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Address, BlockId, TxId};
use fedcoin_node::units::{Amount, Height};
use fedcoin_node::{PeerAddress, RequestId};
use serde::{Deserialize, Serialize};

/// From the page to the node worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToNode {
    /// The first message: open the slot and start the node. Answered by [`super::Update::Ready`] or
    /// [`super::Update::Failed`].
    Start(StartOptions),
    /// Checks that the worker lives. Answered by [`super::FromNode::Pong`].
    Ping,
    /// Put everything on disk, say goodbye to the peers and stop; answered by
    /// [`super::Update::Stopped`].
    Stop,
    /// Close all connections, which may be dead, and dial all relays now. Sent when the browser comes online or the tab
    /// was frozen.
    Reconnect,
    /// Mine, change how, or stop.
    SetMining(MiningOptions),
    /// These have changed.
    Circumstances(PageCircumstances),
    /// Change the wallet; answered by [`super::FromNode::Wallet`].
    Wallet {
        /// Comes back in the answer.
        request: RequestId,
        /// How.
        command: WalletCommand,
    },
    /// Show a private key; answered by [`super::FromNode::PrivateKey`]. This and [`Self::Backup`] are
    /// the only ways a key leaves the worker.
    ExportKey {
        /// Comes back in the answer.
        request: RequestId,
        /// Whose.
        address: Address,
        /// Opens a locked wallet for this once.
        passphrase: Option<Passphrase>,
    },
    /// All keys under a passphrase; answered by [`super::FromNode::Backup`].
    Backup {
        /// Comes back in the answer.
        request: RequestId,
        /// What is to open it; `None` is the wallet's own.
        passphrase: Option<Passphrase>,
    },
    /// What a payment from the selected key would be; answered by [`super::FromNode::Quoted`].
    Quote {
        /// Comes back in the answer.
        request: RequestId,
        /// The payment.
        draft: Draft,
    },
    /// What a waiting payment would be with a higher fee; answered by [`super::FromNode::Quoted`].
    QuoteBump {
        /// Comes back in the answer.
        request: RequestId,
        /// The payment that waits.
        txid: TxId,
        /// What the miner gets; `None` is the least, or what is mined within 3 blocks if that is more.
        fee: Option<Amount>,
    },
    /// Send a waiting payment again with a higher fee; answered by [`super::FromNode::Sent`].
    Bump {
        /// Comes back in the answer.
        request: RequestId,
        /// The payment that waits.
        txid: TxId,
        /// What the user confirmed: this is signed, or nothing.
        quote: Quote,
        /// Opens a locked wallet for this once.
        passphrase: Option<Passphrase>,
    },
    /// Pay from the selected key; answered by [`super::FromNode::Sent`].
    Send {
        /// Comes back in the answer.
        request: RequestId,
        /// Who gets it.
        recipient: Address,
        /// What the user confirmed: this is signed, or nothing.
        quote: Quote,
        /// Opens a locked wallet for this once.
        passphrase: Option<Passphrase>,
    },
    /// Blocks of the primary chain, highest first; answered by [`super::FromNode::Blocks`].
    Blocks {
        /// Comes back in the answer.
        request: RequestId,
        /// The highest block wanted; `None` is the tip.
        from: Option<Height>,
        /// How many; at most [`super::MAX_BLOCKS_SHOWN`].
        count: u32,
    },
    /// One block; answered by [`super::FromNode::Block`].
    Block {
        /// Comes back in the answer.
        request: RequestId,
        /// Which.
        id: BlockId,
    },
    /// One transaction; answered by [`super::FromNode::Transaction`].
    Transaction {
        /// Comes back in the answer.
        request: RequestId,
        /// Which: a payment's or a coinbase's id.
        id: TxId,
    },
    /// An address's coins; answered by [`super::FromNode::Address`].
    Address {
        /// Comes back in the answer.
        request: RequestId,
        /// Whose.
        address: Address,
    },
    /// What any address received and paid; answered by [`super::FromNode::AddressHistory`].
    AddressHistory {
        /// Comes back in the answer.
        request: RequestId,
        /// Whose.
        address: Address,
        /// Only what is older than this place; `None` begins with the newest.
        before: Option<HistoryCursor>,
    },
    /// Points of charts; answered by [`super::FromNode::Samples`].
    Samples {
        /// Comes back in the answer.
        request: RequestId,
        /// How many of the primary chain's last blocks the points cover.
        blocks: u32,
        /// How many points; at most [`fedcoin_node::chain::MAX_SAMPLES`].
        points: u32,
    },
    /// What a search text means; answered by [`super::FromNode::Found`].
    Find {
        /// Comes back in the answer.
        request: RequestId,
        /// A height, a block id, a transaction id, an address or a public key in hex.
        text: String,
    },
}

/// How a node starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartOptions {
    /// The network's rules.
    pub params: ChainParams,
    /// Relays to keep connections to.
    pub relays: Vec<PeerAddress>,
    /// The slot this tab had last time, which [`super::Ready::slot`] told; keep it in `sessionStorage`.
    pub slot: Option<u32>,
    /// Whether the page was just reloaded: then the old worker may still hold the slot, and the new one waits for it.
    pub reloaded: bool,
    /// How to mine from the start.
    pub mining: MiningOptions,
}
