//! The JSON forms of the node's own types, as the API's document describes them. A test holds them
//! against what is sent.

#![allow(dead_code, reason = "the document is derived from these types; nothing is made of them")]

use std::borrow::Cow;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, schema};
use utoipa::{PartialSchema, ToSchema};

/// Declares texts: name, pattern, example.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident = $pattern:literal, $example:expr;)+) => {$(
        $(#[doc = $doc])+
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let description = concat!($($doc),+).trim();
                ObjectBuilder::new()
                    .schema_type(schema::SchemaType::new(Type::String))
                    .description(Some(description))
                    .pattern(Some($pattern))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

/// The address of the key that the genesis block of every built-in network pays.
pub(crate) const ADDRESS: &str = "fed1n5puafdcq8zzeln0kefchl35nwltrns8tm86mq";
/// Some id.
const ID: &str = "0000a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e";

texts! {
    /// An amount in FED, up to 8 decimals; 1 FED is 100,000,000 units.
    Amount = r"^[0-9]{1,10}(\.[0-9]{1,8})?$", "12.5";
    /// A fee rate in units a byte, up to 3 decimals.
    FeeRate = r"^[0-9]{1,14}(\.[0-9]{1,3})?$", "1.25";
    /// An address in bech32m (rule E5).
    Address = r"^(fed1[02-9ac-hj-np-z]{38}|FED1[02-9AC-HJ-NP-Z]{38})$", ADDRESS;
    /// A block's id: the SHA-256 of its 88 header bytes, reversed, so that it begins with zeros (rule E3).
    BlockId = r"^[0-9a-fA-F]{64}$", ID;
    /// A network's id: that of its genesis block (rule N1).
    NetworkId = r"^[0-9a-fA-F]{64}$", ID;
    /// A transaction's id: the SHA-256 of its encoding without the signature (rule E4).
    TxId = r"^[0-9a-fA-F]{64}$", ID;
    /// The root of the merkle tree over a block's transactions (rule B3).
    MerkleRoot = r"^[0-9a-fA-F]{64}$", ID;
    /// A compressed public key, 33 bytes in hex.
    PublicKey = r"^[0-9a-fA-F]{66}$", "033f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3";
    /// An ECDSA signature: r and s, 32 bytes each, in hex; s is in the lower half (rule T8).
    Signature = r"^[0-9a-fA-F]{128}$", ID.repeat(2);
    /// A target in Bitcoin's compact form, 4 bytes in hex: the number that a block's id may not exceed.
    CompactTarget = r"^[0-9a-fA-F]{8}$", "1effffff";
    /// A number of hashes, decimal.
    Work = r"^[0-9]{1,78}$", "196608";
    /// Where a node accepts connections: a WebSocket URL, or `HOST:PORT`.
    PeerAddress = r"^(wss?://)?[0-9A-Za-z.\[\]:_-]+(/[ -~]*)?$", "ws://127.0.0.1:5001/ws";
}

/// Names one output of one transaction.
#[derive(ToSchema)]
pub(crate) struct OutPoint {
    /// The transaction that made the output.
    txid: TxId,
    /// The output's index in it, from 0.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    index: u32,
}

/// An amount for the owner of an address.
#[derive(ToSchema)]
pub(crate) struct Output {
    amount: Amount,
    recipient: Address,
}

/// An output that its owner can spend now.
#[derive(ToSchema)]
pub(crate) struct Coin {
    outpoint: OutPoint,
    amount: Amount,
    /// Whether a block holds it; else it is change of a payment that waits.
    mined: bool,
}

/// A payment before it is signed: what its id and its signature cover.
#[derive(ToSchema)]
pub(crate) struct UnsignedPayment {
    sender: PublicKey,
    /// Whether another payment of the same coins, with a higher fee, may replace it while it waits.
    replaceable: bool,
    /// The outputs spent.
    inputs: Vec<OutPoint>,
    /// The outputs made. What they leave of the inputs is the fee.
    outputs: Vec<Output>,
}

/// A signed payment from one sender.
#[derive(ToSchema)]
pub(crate) struct Payment {
    unsigned: UnsignedPayment,
    signature: Signature,
}

/// The first transaction of each block: it pays the miner.
#[derive(ToSchema)]
pub(crate) struct Coinbase {
    /// The height of its block.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    height: u32,
    output: Output,
}

/// A block's header. Its encoding, which is hashed, has 88 bytes (rule E2).
#[derive(ToSchema)]
pub(crate) struct Header {
    #[schema(minimum = 0, maximum = 4_294_967_295_u32, example = 1)]
    version: u32,
    /// Free for the miner.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    salt: u32,
    /// The parent's id.
    previous: BlockId,
    merkle_root: MerkleRoot,
    /// When the miner says it was mined: milliseconds since 1970.
    #[schema(minimum = 0, example = 1_793_491_200_000_u64)]
    time: u64,
    target: CompactTarget,
    /// Varied until the hash is low enough.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    nonce: u32,
}

/// A block as it is submitted.
#[derive(ToSchema)]
pub(crate) struct Block {
    header: Header,
    coinbase: Coinbase,
    payments: Vec<Payment>,
}

/// A block's position in the chain.
#[derive(ToSchema)]
pub(crate) struct TipInfo {
    id: BlockId,
    #[schema(minimum = 0)]
    height: u32,
    /// Milliseconds since 1970.
    #[schema(minimum = 0)]
    time: u64,
    target: CompactTarget,
    /// The work of the chain up to it.
    work: Work,
}

/// Who opened a connection: the other side or this node.
#[derive(ToSchema)]
pub(crate) enum Direction {
    Inbound,
    Outbound,
}

/// Fee rates with which a payment sent now would be mined soon, if nothing better came.
#[derive(ToSchema)]
pub(crate) struct FeeEstimate {
    /// The least that the node takes at present.
    minimum: FeeRate,
    next_block: FeeRate,
    within_3_blocks: FeeRate,
    within_10_blocks: FeeRate,
}

/// The rules in which networks differ.
#[derive(ToSchema)]
pub(crate) struct ChainParams {
    #[schema(example = "classroom")]
    name: String,
    genesis: GenesisParams,
    /// The target of every block, or the easiest one.
    target: CompactTarget,
    /// Whether and how the target follows the hash rate (rule H4).
    retarget: Retarget,
    /// Which of two chains of equal work wins (rule F2).
    tie_break: TieBreak,
    /// How long a block is meant to take, in milliseconds.
    #[schema(minimum = 100)]
    spacing_ms: u64,
    /// The subsidy of the first blocks.
    subsidy: Amount,
    /// Blocks between two halvings of the subsidy.
    #[schema(minimum = 1)]
    halving_interval: u32,
    /// Blocks until a coinbase output may be spent.
    #[schema(minimum = 0)]
    coinbase_maturity: u32,
    #[schema(minimum = 1_000)]
    max_block_bytes: u32,
    #[schema(minimum = 1)]
    max_block_payments: u32,
    #[schema(minimum = 0)]
    min_block_payments: u32,
}

/// The amount and the recipient of the genesis block.
#[derive(ToSchema)]
pub(crate) struct GenesisParams {
    recipient: Address,
    amount: Amount,
    /// Milliseconds since 1970.
    #[schema(minimum = 0)]
    time: u64,
}

/// How a block's target follows from the headers before it.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
enum Retarget {
    Fixed,
    EachBlock,
}

/// Which of two chains of equal work wins.
#[derive(ToSchema)]
#[schema(rename_all = "kebab-case")]
enum TieBreak {
    EarlierTime,
    LowerId,
}

/// The data of the event `tip`.
#[derive(ToSchema)]
pub(crate) struct TipEvent {
    id: BlockId,
    #[schema(minimum = 0)]
    height: u32,
    /// Milliseconds since 1970.
    #[schema(minimum = 0)]
    time: u64,
    /// Blocks taken off the chain, highest first; the first 100.
    disconnected: Vec<BlockId>,
    /// How many there are in all. Above 0 it is a reorganisation.
    #[schema(minimum = 0)]
    disconnected_blocks: u64,
    /// Blocks put on, lowest first; the first 100.
    connected: Vec<BlockId>,
    /// How many there are in all.
    #[schema(minimum = 0)]
    connected_blocks: u64,
    /// Whether the chain goes on to a better tip: a reorganisation of more than 256 blocks comes in several events, and
    /// the one with `false` ends it.
    moving: bool,
}

/// The data of the event `payment_accepted`.
#[derive(ToSchema)]
pub(crate) struct PaymentEvent {
    txid: TxId,
}

/// The data of the event `payment_dropped`.
#[derive(ToSchema)]
pub(crate) struct DropEvent {
    txid: TxId,
    reason: DropReason,
    /// The same for people, with what is known of it.
    detail: String,
    /// The payment that has its coins now, where that is known.
    #[schema(required)]
    replaced_by: Option<TxId>,
    /// Whether a block had held it, which was taken off the chain.
    was_confirmed: bool,
}

/// Why a payment left without being mined: it waited too long, payments with higher fees displaced it, a payment of the
/// same coins replaced it or was mined, its parent was dropped, or it no longer fits the chain.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum DropReason {
    Expired,
    PushedOut,
    Replaced,
    Conflict,
    ParentDropped,
    Refused,
}

/// The data of the event `lost`.
#[derive(ToSchema)]
pub(crate) struct LostEvent {
    /// How many events the reader was too slow for.
    #[schema(minimum = 0)]
    events: u64,
}
