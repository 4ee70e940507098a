use super::{CompactBlock, MAX_ADDRESS_BYTES, PeerAddress};
use borsh::{BorshDeserialize, BorshSerialize};
use core::fmt;
use fedcoin_primitives::codec;
use fedcoin_primitives::units::{Height, Timestamp, Work};
use fedcoin_primitives::{Block, BlockId, Header, NetworkId, Payment, TxId};
use serde::{Deserialize, Serialize};

/// The protocol version that this node speaks (rule W2).
pub const PROTOCOL_VERSION: u16 = 4;
/// Maximum size in bytes of a frame in either direction: a full block and some margin (rule W1).
pub const MAX_FRAME_BYTES: usize = 1_100_000;
/// Maximum number of headers in one message (rule W4).
pub const MAX_HEADERS: usize = 2_000;
/// Maximum number of ids in a locator (rule W4).
pub const MAX_LOCATOR: usize = 64;
/// Maximum number of payment ids announced in one message (rule W5).
pub const MAX_INV: usize = 5_000;
/// Maximum number of payments requested, or sent unrequested, in one message (rule W5).
pub const MAX_PAYMENTS_REQUESTED: usize = 500;
/// Maximum number of blocks requested in one message, and in flight from one peer (rule W6).
pub const MAX_BLOCKS_REQUESTED: usize = 16;
/// Maximum number of payments in a compact block, and of payments requested from one at once (rule W10). More would not
/// fit into the largest frame.
pub const MAX_COMPACT: usize = 8_000;
/// Maximum number of addresses in one message (rule W7).
pub const MAX_ADDRESSES: usize = 100;
/// Maximum size in bytes of a user agent (rule W2).
pub const MAX_USER_AGENT_BYTES: usize = 128;

/// One message between peers. Its first byte is the variant's number, in the order below.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Message {
    /// The first message of each side (rule W2).
    Hello(Hello),
    /// Requests the headers after the first of these ids that is on the peer's primary chain (rule W4).
    GetHeaders {
        /// Ids from the requesting node's best header towards genesis, highest first, with growing gaps.
        locator: Vec<BlockId>,
    },
    /// Headers, parents first: the answer to `GetHeaders` (which may be empty), or an announcement of new blocks (rule
    /// W4).
    Headers(Vec<Header>),
    /// Announces payments (rule W5).
    Inv(Vec<TxId>),
    /// Requests announced payments (rule W5).
    GetPayments(Vec<TxId>),
    /// A requested payment (rule W5).
    Payment(Payment),
    /// Requests blocks (rule W6).
    GetBlocks(Vec<BlockId>),
    /// A requested block (rule W6).
    Block(Box<Block>),
    /// Requested blocks and payments that the sender does not have (rules W5 and W6).
    NotFound {
        /// Ids of blocks.
        blocks: Vec<BlockId>,
        /// Ids of payments.
        payments: Vec<TxId>,
    },
    /// Requests addresses of other nodes (rule W7).
    GetAddresses,
    /// Addresses where nodes accept connections (rule W7).
    Addresses(Vec<PeerAddress>),
    /// Requests a `Pong` with the same number (rule W8).
    Ping(u64),
    /// Answers `Ping` (rule W8).
    Pong(u64),
    /// The last message before closing (rule W9).
    Goodbye(Goodbye),
    /// Requests a block in compact form (rule W10).
    GetCompactBlock(BlockId),
    /// A requested block in compact form, with short ids instead of payments (rule W10).
    CompactBlock(Box<CompactBlock>),
    /// Requests the payments of a compact block that the requesting node lacks (rule W10).
    GetBlockPayments {
        /// Id of the block.
        block: BlockId,
        /// Positions of the payments in the block, in ascending order.
        places: Vec<u16>,
    },
    /// The requested payments, in that order (rule W10).
    BlockPayments {
        /// Id of the block.
        block: BlockId,
        /// The payments, in the order of the request.
        payments: Vec<Payment>,
    },
    /// Payments sent without a request (rule W5).
    Payments(Vec<Payment>),
}

/// The first message of each side: who it is and which chain it has (rule W2).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Hello {
    /// The sender's [`PROTOCOL_VERSION`].
    pub version: u16,
    /// The network's id.
    pub network: NetworkId,
    /// Random for each run of a node. A node that receives its own nonce has dialled itself.
    pub nonce: u64,
    /// The sender's tip.
    pub tip: BlockId,
    /// The tip's height.
    pub height: Height,
    /// The work of the sender's primary chain.
    pub work: Work,
    /// The sender's clock.
    pub time: Timestamp,
    /// Software and version, for people.
    pub user_agent: String,
    /// The address where the sender accepts connections, if it does.
    pub listen: Option<PeerAddress>,
}

/// Why a connection is closed (rule W9). The numbers and consequences are in `docs/protocol.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub enum Goodbye {
    /// The node stops.
    ShuttingDown,
    /// The peer is on another network.
    WrongNetwork,
    /// The peer speaks another protocol version.
    WrongVersion,
    /// The node dialled itself.
    SelfConnection,
    /// There is already a connection to that node.
    Duplicate,
    /// All slots for peers are taken.
    TooManyPeers,
    /// The peer's `Hello` did not arrive in time.
    HandshakeTimeout,
    /// The peer is silent.
    Unresponsive,
    /// Requested headers or blocks did not arrive in time.
    Stalled,
    /// Bytes that are not a message, or a message over its limits.
    BadMessage,
    /// A message that is not allowed at this point.
    UnexpectedMessage,
    /// The peer sent an invalid header.
    InvalidHeader,
    /// The peer sent an invalid block.
    InvalidBlock,
    /// The peer sent a payment that is invalid on every chain.
    InvalidPayment,
    /// The peer exceeded its budget for a kind of message (rule W3).
    TooManyMessages,
    /// The peer's host is banned after earlier misbehaviour, and slots are scarce.
    Banned,
    /// The peer reads too slowly.
    SlowReader,
}

impl Goodbye {
    /// Whether only a faulty or dishonest peer causes this reason (rule W9).
    #[must_use]
    pub fn is_dishonest(self) -> bool {
        matches!(
            self,
            Self::BadMessage
                | Self::UnexpectedMessage
                | Self::InvalidHeader
                | Self::InvalidBlock
                | Self::InvalidPayment
                | Self::TooManyMessages
        )
    }
}

/// Bytes are not an acceptable message (rules W1 to W7).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what the fields are")]
pub enum WireError {
    /// Rule W1.
    #[error("a frame of {got} bytes, at most {max} are allowed")]
    FrameTooLarge { got: usize, max: usize },
    /// Rule W1.
    #[error("the frame is empty")]
    Empty,
    /// Rule W1.
    #[error("message number {0} is unknown")]
    UnknownMessage(u8),
    /// Rule W1: cut short, trailing bytes, or a value out of range.
    #[error("a malformed {name} message: {problem}")]
    Malformed { name: &'static str, problem: String },
    /// Rules W2 to W7.
    #[error("{got} items in a {name} message, at most {max} are allowed")]
    TooMany { name: &'static str, got: usize, max: usize },
}

impl WireError {
    /// The rule's number in `docs/protocol.md`.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::TooMany { name: "Hello", .. } => "W2",
            Self::TooMany { name: "GetHeaders" | "Headers", .. } => "W4",
            Self::TooMany { name: "Inv" | "GetPayments" | "Payments", .. } => "W5",
            Self::TooMany { name: "Addresses", .. } => "W7",
            Self::TooMany { name: "CompactBlock" | "GetBlockPayments" | "BlockPayments", .. } => "W10",
            Self::TooMany { .. } => "W6",
            Self::FrameTooLarge { .. } | Self::Empty | Self::UnknownMessage(_) | Self::Malformed { .. } => "W1",
        }
    }
}

/// Names and maximum encoded sizes by variant number. A larger frame is refused before anything is decoded (rule W1).
const KINDS: [(&str, usize); 19] = [
    ("Hello", 1_000),
    ("GetHeaders", 8 + 32 * MAX_LOCATOR),
    ("Headers", 8 + 88 * MAX_HEADERS),
    ("Inv", 8 + 32 * MAX_INV),
    ("GetPayments", 8 + 32 * MAX_PAYMENTS_REQUESTED),
    ("Payment", MAX_FRAME_BYTES),
    ("GetBlocks", 8 + 32 * MAX_BLOCKS_REQUESTED),
    ("Block", MAX_FRAME_BYTES),
    ("NotFound", 16 + 32 * (MAX_BLOCKS_REQUESTED + MAX_PAYMENTS_REQUESTED)),
    ("GetAddresses", 1),
    ("Addresses", 8 + (MAX_ADDRESS_BYTES + 4) * MAX_ADDRESSES),
    ("Ping", 9),
    ("Pong", 9),
    ("Goodbye", 2),
    ("GetCompactBlock", 33),
    ("CompactBlock", 214 + 6 * MAX_COMPACT),
    ("GetBlockPayments", 40 + 2 * MAX_COMPACT),
    ("BlockPayments", MAX_FRAME_BYTES),
    ("Payments", MAX_FRAME_BYTES),
];

impl Message {
    /// The number of `Payment`; see [`Message::kind`].
    pub const PAYMENT: usize = 5;
    /// The number of `GetBlocks`.
    pub const GET_BLOCKS: usize = 6;
    /// The number of `Block`.
    pub const BLOCK: usize = 7;
    const BLOCK_PAYMENTS: usize = 17;
    const PAYMENTS: usize = 18;

    /// Encodes the message as a frame.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Encodes a `Block` message with a borrowed block.
    #[must_use]
    pub fn encode_block(block: &Block) -> Vec<u8> {
        frame(Self::BLOCK, block.size(), block)
    }

    /// Makes the frame of a `Block` message from an encoded block.
    #[must_use]
    pub fn frame_block(block: &[u8]) -> Vec<u8> {
        [&[Self::BLOCK as u8], block].concat()
    }

    /// Encodes a `Payment` message with a borrowed payment.
    #[must_use]
    pub fn encode_payment(payment: &Payment) -> Vec<u8> {
        frame(Self::PAYMENT, payment.size(), payment)
    }

    /// Encodes a `Payments` message with borrowed payments.
    #[must_use]
    pub fn encode_payments(payments: &[&Payment]) -> Vec<u8> {
        frame(Self::PAYMENTS, 4 + total_size(payments), &payments)
    }

    /// Encodes a `BlockPayments` message with borrowed payments of a block.
    #[must_use]
    pub fn encode_block_payments(block: BlockId, payments: &[&Payment]) -> Vec<u8> {
        frame(Self::BLOCK_PAYMENTS, 36 + total_size(payments), &(block, payments))
    }

    /// Decodes a frame and checks the message's limits. The frame's size bounds cost and memory.
    ///
    /// # Errors
    /// [`WireError`]: one variant per reason.
    pub fn decode(frame: &[u8]) -> Result<Self, WireError> {
        let Some(kind) = frame.first() else { return Err(WireError::Empty) };
        let Some((name, max)) = KINDS.get(usize::from(*kind)) else {
            return Err(WireError::UnknownMessage(*kind));
        };
        if frame.len() > *max {
            return Err(WireError::FrameTooLarge { got: frame.len(), max: *max });
        }
        let message: Self = codec::decode(frame).map_err(|e| WireError::Malformed { name, problem: e.0 })?;
        message.check_counts()?;
        Ok(message)
    }

    /// The message's name, for logs and metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        KINDS[self.kind()].0
    }

    /// The name of the message whose frames begin with this byte.
    #[must_use]
    pub fn name_of(kind: u8) -> Option<&'static str> {
        KINDS.get(usize::from(kind)).map(|(name, _)| *name)
    }

    /// The variant's number: its first byte on the wire.
    #[must_use]
    pub fn kind(&self) -> usize {
        match self {
            Self::Hello(_) => 0,
            Self::GetHeaders { .. } => 1,
            Self::Headers(_) => 2,
            Self::Inv(_) => 3,
            Self::GetPayments(_) => 4,
            Self::Payment(_) => Self::PAYMENT,
            Self::GetBlocks(_) => Self::GET_BLOCKS,
            Self::Block(_) => Self::BLOCK,
            Self::NotFound { .. } => 8,
            Self::GetAddresses => 9,
            Self::Addresses(_) => 10,
            Self::Ping(_) => 11,
            Self::Pong(_) => 12,
            Self::Goodbye(_) => 13,
            Self::GetCompactBlock(_) => 14,
            Self::CompactBlock(_) => 15,
            Self::GetBlockPayments { .. } => 16,
            Self::BlockPayments { .. } => Self::BLOCK_PAYMENTS,
            Self::Payments(_) => Self::PAYMENTS,
        }
    }

    fn check_counts(&self) -> Result<(), WireError> {
        let (got, max) = match self {
            Self::Hello(hello) => (hello.user_agent.len(), MAX_USER_AGENT_BYTES),
            Self::GetHeaders { locator } => (locator.len(), MAX_LOCATOR),
            Self::Headers(headers) => (headers.len(), MAX_HEADERS),
            Self::Inv(ids) => (ids.len(), MAX_INV),
            Self::GetPayments(ids) => (ids.len(), MAX_PAYMENTS_REQUESTED),
            Self::GetBlocks(ids) => (ids.len(), MAX_BLOCKS_REQUESTED),
            Self::NotFound { blocks, payments } => (blocks.len().max(payments.len()), MAX_PAYMENTS_REQUESTED),
            Self::Addresses(addresses) => (addresses.len(), MAX_ADDRESSES),
            Self::CompactBlock(compact) => (compact.short_ids.len(), MAX_COMPACT),
            Self::GetBlockPayments { places, .. } => (places.len(), MAX_COMPACT),
            Self::BlockPayments { payments, .. } => (payments.len(), MAX_COMPACT),
            Self::Payments(payments) => (payments.len(), MAX_PAYMENTS_REQUESTED),
            _ => (0, 0),
        };
        if got > max { Err(WireError::TooMany { name: self.name(), got, max }) } else { Ok(()) }
    }
}

/// The frame of the message of this kind, whose fields take `size` bytes.
fn frame(kind: usize, size: usize, fields: &impl BorshSerialize) -> Vec<u8> {
    let mut frame = Vec::with_capacity(1 + size);
    frame.push(kind as u8);
    // Writing into a vector cannot fail, and no collection here comes near 2^32 items.
    fields.serialize(&mut frame).expect("encoding into memory does not fail");
    frame
}

fn total_size(payments: &[&Payment]) -> usize {
    payments.iter().map(|payment| payment.size()).sum()
}

impl fmt::Display for Goodbye {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ShuttingDown => "the node is stopping",
            Self::WrongNetwork => "it is on another network",
            Self::WrongVersion => "it speaks another protocol version",
            Self::SelfConnection => "the node dialled itself",
            Self::Duplicate => "the nodes are already connected",
            Self::TooManyPeers => "all slots for peers are taken",
            Self::HandshakeTimeout => "the handshake did not complete in time",
            Self::Unresponsive => "it did not answer in time",
            Self::Stalled => "requested data did not arrive in time",
            Self::BadMessage => "it sent an invalid message",
            Self::UnexpectedMessage => "it sent an unexpected message",
            Self::InvalidHeader => "it sent an invalid header",
            Self::InvalidBlock => "it sent an invalid block",
            Self::InvalidPayment => "it sent an invalid payment",
            Self::TooManyMessages => "it sent too many messages",
            Self::Banned => "its address is banned after misbehaviour, and slots are scarce",
            Self::SlowReader => "it reads too slowly",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ShortIds;
    use fedcoin_primitives::{OutPoint, PaymentHash, PublicKey, Signature, UnsignedPayment};

    fn samples() -> Vec<Message> {
        let block = fedcoin_consensus::ChainParams::classroom().genesis_block();
        let id = block.id();
        let mut compact = CompactBlock::of(&block, 7);
        compact.short_ids.push(ShortIds::of(&block.header, 7).id(&PaymentHash([1; 32])));
        vec![
            Message::Hello(Hello {
                version: 1,
                network: NetworkId([1; 32]),
                nonce: 2,
                tip: BlockId([3; 32]),
                height: Height(4),
                work: Work::ZERO,
                time: Timestamp(5),
                user_agent: "test/1".into(),
                listen: "ws://127.0.0.1:5000/ws".parse().ok(),
            }),
            Message::GetHeaders { locator: vec![BlockId([1; 32])] },
            Message::Headers(vec![block.header]),
            Message::Inv(vec![TxId([1; 32])]),
            Message::GetPayments(vec![TxId([1; 32])]),
            Message::GetBlocks(vec![block.id()]),
            Message::Block(Box::new(block)),
            Message::NotFound { blocks: vec![], payments: vec![TxId([1; 32])] },
            Message::GetAddresses,
            Message::Addresses(vec!["ws://127.0.0.1:5000/ws".parse().unwrap()]),
            Message::Ping(1),
            Message::Pong(2),
            Message::Goodbye(Goodbye::Stalled),
            Message::GetCompactBlock(id),
            Message::CompactBlock(Box::new(compact)),
            Message::GetBlockPayments { block: id, places: vec![0, 7] },
            Message::BlockPayments { block: id, payments: vec![] },
            Message::Payments(vec![]),
        ]
    }

    #[test]
    fn each_message_is_decoded_completely_or_refused() {
        for message in samples() {
            let frame = message.encode();
            assert_eq!(usize::from(frame[0]), message.kind(), "{}", message.name());
            assert_eq!(Message::decode(&frame), Ok(message.clone()));
            for cut in 1..frame.len() {
                let short = Message::decode(&frame[..cut]);
                assert!(matches!(short, Err(WireError::Malformed { .. })), "{} cut at {cut}", message.name());
            }
            let mut long = frame;
            long.push(0);
            assert!(Message::decode(&long).is_err(), "{}", message.name());
        }
    }

    #[test]
    fn each_bad_frame_gets_its_error() {
        assert_eq!(Message::decode(&[]), Err(WireError::Empty));
        assert_eq!(Message::decode(&[19]), Err(WireError::UnknownMessage(19)));
        assert_eq!(Message::decode(&[255; 40]), Err(WireError::UnknownMessage(255)));
        let large = vec![11; 10];
        assert_eq!(Message::decode(&large), Err(WireError::FrameTooLarge { got: 10, max: 9 }));
        // A length of four thousand million allocates no memory.
        assert!(matches!(Message::decode(&[3, 255, 255, 255, 255]), Err(WireError::Malformed { name: "Inv", .. })));
        let agent = Message::Hello(Hello {
            user_agent: "x".repeat(129),
            ..match samples().remove(0) {
                Message::Hello(hello) => hello,
                other => panic!("{other:?}"),
            }
        });
        assert_eq!(Message::decode(&agent.encode()), Err(WireError::TooMany { name: "Hello", got: 129, max: 128 }));
    }

    #[test]
    fn borrowed_blocks_and_payments_make_the_same_frames() {
        let payment = |inputs| {
            let outpoint = OutPoint { txid: TxId([1; 32]), index: 2 };
            let sender = PublicKey::from_bytes([2; 33]);
            let unsigned =
                UnsignedPayment { sender, replaceable: false, inputs: vec![outpoint; inputs], outputs: vec![] };
            Payment { unsigned, signature: Signature::from_bytes([3; 64]) }
        };
        let payments = vec![payment(1), payment(3)];
        let borrowed: Vec<&Payment> = payments.iter().collect();
        let mut block = fedcoin_consensus::ChainParams::classroom().genesis_block();
        block.payments.clone_from(&payments);
        let id = block.id();
        for (frame, message) in [
            (Message::frame_block(&codec::encode(&block)), Message::Block(Box::new(block.clone()))),
            (Message::encode_block(&block), Message::Block(Box::new(block))),
            (Message::encode_payment(&payments[0]), Message::Payment(payments[0].clone())),
            (Message::encode_payments(&borrowed), Message::Payments(payments.clone())),
            (Message::encode_block_payments(id, &borrowed), Message::BlockPayments { block: id, payments }),
        ] {
            assert_eq!(frame.capacity(), frame.len(), "{}", message.name());
            assert_eq!(frame, message.encode());
        }
    }
}
