//! Questions and commands of the page.

use super::{Draft, MiningOptions, PageCircumstances, Quote, TxLocation, WalletCommand};
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
    /// Checks that the worker is alive. Answered by [`super::FromNode::Pong`].
    Ping,
    /// Make everything durable, say goodbye to the peers and stop; answered by [`super::Update::Stopped`].
    Stop,
    /// Close all connections, which may be dead, and dial all relays now. Sent when the browser comes online, or after
    /// the tab was frozen.
    Reconnect,
    /// Start mining, change its options, or stop it.
    SetMining(MiningOptions),
    /// The circumstances have changed.
    Circumstances(PageCircumstances),
    /// Change the wallet; answered by [`super::FromNode::Wallet`].
    Wallet { request: RequestId, command: WalletCommand },
    /// Return a private key; answered by [`super::FromNode::PrivateKey`]. Only by this and by [`Self::Backup`] do keys
    /// leave the worker.
    ExportKey {
        request: RequestId,
        /// The key's address.
        address: Address,
        /// Opens a locked wallet for this request.
        passphrase: Option<Passphrase>,
    },
    /// Return all keys encrypted with a passphrase; answered by [`super::FromNode::Backup`].
    Backup {
        request: RequestId,
        /// The backup's passphrase; `None` means the wallet's own.
        passphrase: Option<Passphrase>,
    },
    /// Quote a payment from the selected key; answered by [`super::FromNode::Quoted`].
    Quote {
        request: RequestId,
        /// The payment.
        draft: Draft,
    },
    /// Quote a waiting payment with a higher fee; answered by [`super::FromNode::Quoted`].
    QuoteBump {
        request: RequestId,
        /// The waiting payment.
        txid: TxId,
        /// The new fee; `None` means the minimum, or the fee to be mined within 3 blocks if that is more.
        fee: Option<Amount>,
    },
    /// Replace a waiting payment by one with a higher fee; answered by [`super::FromNode::Sent`].
    Bump {
        request: RequestId,
        /// The waiting payment.
        txid: TxId,
        /// The quote that the user confirmed: exactly this is signed, or nothing.
        quote: Quote,
        /// Opens a locked wallet for this request.
        passphrase: Option<Passphrase>,
    },
    /// Pay from the selected key; answered by [`super::FromNode::Sent`].
    Send {
        request: RequestId,
        /// The address to pay.
        recipient: Address,
        /// The quote that the user confirmed: exactly this is signed, or nothing.
        quote: Quote,
        /// Opens a locked wallet for this request.
        passphrase: Option<Passphrase>,
    },
    /// Return blocks of the primary chain, highest first; answered by [`super::FromNode::Blocks`].
    Blocks {
        request: RequestId,
        /// The highest requested block; `None` means the tip.
        from: Option<Height>,
        /// Number of blocks; at most [`super::MAX_BLOCKS_SHOWN`].
        count: u32,
    },
    /// Return a block; answered by [`super::FromNode::Block`].
    Block { request: RequestId, id: BlockId },
    /// Return a transaction; answered by [`super::FromNode::Transaction`].
    Transaction {
        request: RequestId,
        /// The id of a payment or a coinbase.
        id: TxId,
    },
    /// Return balance and coins of an address; answered by [`super::FromNode::Address`].
    Address { request: RequestId, address: Address },
    /// Return the history of addresses together; answered by [`super::FromNode::AddressHistory`].
    AddressHistory {
        request: RequestId,
        /// The own keys, or any address.
        addresses: Vec<Address>,
        /// Only entries before this position; `None` starts with the newest.
        before: Option<TxLocation>,
    },
    /// Return points for charts; answered by [`super::FromNode::Samples`].
    Samples {
        request: RequestId,
        /// Number of the primary chain's last blocks to cover.
        blocks: u32,
        /// Number of points; at most [`fedcoin_node::chain::MAX_SAMPLES`].
        points: u32,
    },
    /// Resolve a search text; answered by [`super::FromNode::Found`].
    Find {
        request: RequestId,
        /// A height, a block id, a transaction id, an address, a public key in hex, a payment request; or the beginning
        /// of one, or `BEGINNING…END`.
        text: String,
    },
}

/// The configuration of a node that starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartOptions {
    /// The network's rules.
    pub params: ChainParams,
    /// Relays to stay connected to.
    pub relays: Vec<PeerAddress>,
    /// The tab's previous slot, from [`super::Ready::slot`]; keep it in `sessionStorage`.
    pub slot: Option<u32>,
    /// What may hold that slot still.
    pub holder: Holder,
    /// The miners' script, beside the node worker's.
    pub miner_script: String,
    /// How to mine from the start.
    pub mining: MiningOptions,
}

/// What may hold a tab's slot when it starts a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holder {
    /// Nothing of this tab.
    Nobody,
    /// The worker of the page before a reload, or the tab that this one was copied from. The new worker waits for it.
    WorkerBefore,
    /// This page's earlier worker, which the page has ended. The new worker waits for it, and takes the slot by force if
    /// it hangs.
    EndedWorker,
}
