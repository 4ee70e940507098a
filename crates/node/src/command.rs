use crate::primitives::{Address, Block, Payment};
use crate::wire::PeerAddress;
use serde::{Deserialize, Serialize};

/// A request from the user or a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Check a payment, put it into the mempool and announce it; answered by [`crate::Event::PaymentSubmitted`].
    SubmitPayment {
        /// Repeated in the answer.
        request: RequestId,
        /// The signed payment.
        payment: Payment,
        /// Whether it may replace waiting payments (rules P10 to P14). If not, a conflict means that its coins were
        /// spent meanwhile, and the sender can choose others.
        may_replace: bool,
    },
    /// Check a block and announce it; answered by [`crate::Event::BlockSubmitted`].
    SubmitBlock {
        /// Repeated in the answer.
        request: RequestId,
        /// The block with its proof of work.
        block: Box<Block>,
    },
    /// Stay connected to this address. Ignored if there are already [`crate::peers::MAX_NEIGHBOURS`].
    AddPeer {
        /// The address to dial.
        address: PeerAddress,
    },
    /// Stop dialling this address. An open connection stays open.
    RemovePeer {
        /// The neighbour's address.
        address: PeerAddress,
    },
    /// Dial all configured addresses now, without back-off: the machine is online again.
    Reconnect,
    /// Say goodbye to all peers, stop mining and make everything durable. Drop the node after carrying out its effects.
    Shutdown,
    /// Start mining, change its settings, or stop it (`None`).
    SetMining(Option<MiningSettings>),
}

/// How the node mines. Threads and CPU share are up to the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiningSettings {
    /// The address that receives the rewards.
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

/// Links an answer to a command; chosen by the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u64);
