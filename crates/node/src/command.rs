use crate::primitives::{Address, Block, Payment};
use crate::wire::PeerAddress;
use serde::{Deserialize, Serialize};

/// What a user or a program asks of the node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Check a payment, keep it in the mempool and announce it; answered by
    /// [`crate::Event::PaymentSubmitted`].
    SubmitPayment {
        /// Comes back in the answer.
        request: RequestId,
        /// The payment.
        payment: Payment,
        /// Whether it may take the place of payments that wait (rules P10 to P14). Whoever did not mean
        /// to replace any has chosen coins that were taken meanwhile, and chooses others.
        may_replace: bool,
    },
    /// Check a block and announce it; answered by [`crate::Event::BlockSubmitted`].
    SubmitBlock {
        /// Comes back in the answer.
        request: RequestId,
        /// The block.
        block: Box<Block>,
    },
    /// Keep a connection to this address from now on; nothing where [`crate::peers::MAX_NEIGHBOURS`] are kept already.
    AddPeer {
        /// Where to.
        address: PeerAddress,
    },
    /// Keep a connection to this address no longer; one that stands stays for now.
    RemovePeer {
        /// Where to.
        address: PeerAddress,
    },
    /// Remember addresses that somebody else has told: they fill free places if nodes answer there.
    HearAddresses {
        /// Where to; those beyond [`crate::wire::MAX_ADDRESSES`] are not looked at.
        addresses: Vec<PeerAddress>,
    },
    /// Dial all wanted peers now, without waiting for the back-off: the machine came online.
    Reconnect,
    /// Say goodbye to all peers, stop mining and make everything durable. Drop the node after its
    /// effects have been carried out.
    Shutdown,
    /// Mine, change how, or stop (`None`).
    SetMining(Option<MiningSettings>),
}

/// How the node mines. Threads and CPU share are the driver's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiningSettings {
    /// Who gets the reward.
    pub recipient: Address,
    /// When to mine.
    pub policy: MiningPolicy,
}

/// When a node mines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MiningPolicy {
    /// Only when a payment waits in the mempool.
    #[default]
    OnDemand,
    /// Also empty blocks, where the network allows them.
    Always,
}

/// Ties an answer to a command; the driver's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u64);
