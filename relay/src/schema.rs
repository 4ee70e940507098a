//! JSON schemas of the node's types for the API's document. A test compares them with real answers.

#![allow(dead_code, reason = "the document is derived from these types; no values exist")]

use std::borrow::Cow;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, schema};
use utoipa::{PartialSchema, ToSchema};

/// Declares text types: name, pattern, example.
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

/// The address of the genesis key of all built-in networks.
pub(crate) const ADDRESS: &str = "fed1n5puafdcq8zzeln0kefchl35nwltrns8tm86mq";
/// An example id.
const ID: &str = "0000a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e";

texts! {
    /// An amount in FED, up to 8 decimals; 1 FED is 100,000,000 units.
    Amount = r"^[0-9]{1,10}(\.[0-9]{1,8})?$", "12.5";
    /// A fee rate in units per byte, up to 3 decimals.
    FeeRate = r"^[0-9]{1,14}(\.[0-9]{1,3})?$", "1.25";
    /// An address in bech32m (rule E5).
    Address = r"^(fed1[02-9ac-hj-np-z]{38}|FED1[02-9AC-HJ-NP-Z]{38})$", ADDRESS;
    /// A block's id: the SHA-256 of its 88 header bytes, in reverse byte order, so that it begins with zeros (rule E3).
    BlockId = r"^[0-9a-fA-F]{64}$", ID;
    /// A network's id: the id of its genesis block (rule N1).
    NetworkId = r"^[0-9a-fA-F]{64}$", ID;
    /// A transaction's id: the SHA-256 of its encoding without the signature (rule E4).
    TxId = r"^[0-9a-fA-F]{64}$", ID;
    /// What a header commits to: the block's transactions and its roots (rule B3).
    Commitment = r"^[0-9a-fA-F]{64}$", ID;
    /// A root over other data: a SHA-256.
    Root = r"^[0-9a-fA-F]{64}$", ID;
    /// A compressed public key, 33 bytes in hex.
    PublicKey = r"^[0-9a-fA-F]{66}$", "033f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3";
    /// An ECDSA signature: r and s, 32 bytes each, in hex; s is in the lower half (rule T8).
    Signature = r"^[0-9a-fA-F]{128}$", ID.repeat(2);
    /// A target in Bitcoin's compact form, 4 bytes in hex. A block's id may not exceed it.
    CompactTarget = r"^[0-9a-fA-F]{8}$", "1effffff";
    /// A number of hashes, in decimal.
    Work = r"^[0-9]{1,78}$", "196608";
    /// Where a node accepts connections: a WebSocket URL, or `HOST:PORT`.
    PeerAddress = r"^(wss?://)?[0-9A-Za-z.\[\]:_-]+(/[ -~]*)?$", "ws://127.0.0.1:5001/ws";
}

/// Identifies one output of one transaction.
#[derive(ToSchema)]
pub(crate) struct OutPoint {
    /// The transaction that created the output.
    txid: TxId,
    /// The output's index in that transaction, from 0.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    index: u32,
}

/// An amount for an address.
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
    /// Whether a block contains it; otherwise it is change of a payment in the mempool.
    mined: bool,
}

/// An unsigned payment: the part that its id and its signature cover.
#[derive(ToSchema)]
pub(crate) struct UnsignedPayment {
    sender: PublicKey,
    /// Whether a payment of the same coins with a higher fee may replace it while it waits.
    replaceable: bool,
    /// The outputs to spend.
    inputs: Vec<OutPoint>,
    /// The new outputs. The fee is what remains of the inputs.
    outputs: Vec<Output>,
}

/// A signed payment of one sender.
#[derive(ToSchema)]
pub(crate) struct Payment {
    unsigned: UnsignedPayment,
    signature: Signature,
}

/// The first transaction of each block, which pays the miner.
#[derive(ToSchema)]
pub(crate) struct Coinbase {
    /// The height of its block.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    height: u32,
    output: Output,
}

/// A block header. Its hashed encoding has 88 bytes (rule E2).
#[derive(ToSchema)]
pub(crate) struct Header {
    #[schema(minimum = 0, maximum = 4_294_967_295_u32, example = 1)]
    version: u32,
    /// Chosen freely by the miner.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    salt: u32,
    /// The parent's id.
    previous: BlockId,
    commitment: Commitment,
    /// The block's time according to the miner, in milliseconds since 1970.
    #[schema(minimum = 0, example = 1_793_491_200_000_u64)]
    time: u64,
    target: CompactTarget,
    /// Varied until the hash meets the target.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    nonce: u32,
}

/// The state before a block that the block commits to.
#[derive(ToSchema)]
pub(crate) struct StateRoots {
    /// The root over all headers before the block (rule B8).
    history: Root,
    /// The root over the unspent outputs at the block's checkpoint (rule B9).
    ledger: Root,
}

/// A block as submitted.
#[derive(ToSchema)]
pub(crate) struct Block {
    header: Header,
    roots: StateRoots,
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
    /// Total work of the chain up to this block.
    work: Work,
}

/// The side that opened a connection.
#[derive(ToSchema)]
pub(crate) enum Direction {
    Inbound,
    Outbound,
}

/// Fee rates for a payment sent now to be mined soon, if no better ones arrive.
#[derive(ToSchema)]
pub(crate) struct FeeEstimate {
    /// The minimum that the node accepts now.
    minimum: FeeRate,
    next_block: FeeRate,
    within_3_blocks: FeeRate,
    within_10_blocks: FeeRate,
}

/// The rules that differ between networks.
#[derive(ToSchema)]
pub(crate) struct ChainParams {
    #[schema(example = "classroom")]
    name: String,
    /// The number of the rules that all networks share.
    rules: u16,
    genesis: GenesisParams,
    /// The target of all blocks, or the easiest target.
    target: CompactTarget,
    /// Whether and how the target follows the hash rate (rule H4).
    retarget: Retarget,
    /// Which of two chains of equal work wins (rule F2).
    tie_break: TieBreak,
    /// Intended interval between blocks in milliseconds.
    #[schema(minimum = 100)]
    spacing_ms: u64,
    /// The subsidy of the first blocks.
    subsidy: Amount,
    /// Number of blocks between two halvings of the subsidy.
    #[schema(minimum = 1)]
    halving_interval: u32,
    /// Number of blocks before a coinbase output may be spent.
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

/// How a block's target follows from earlier headers.
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
    /// Disconnected blocks, highest first; at most 100.
    disconnected: Vec<BlockId>,
    /// Number of disconnected blocks. Above 0, the event is a reorganisation.
    #[schema(minimum = 0)]
    disconnected_blocks: u64,
    /// Connected blocks, lowest first; at most 100.
    connected: Vec<BlockId>,
    /// Number of connected blocks.
    #[schema(minimum = 0)]
    connected_blocks: u64,
    /// Whether further events of the same reorganisation follow: a reorganisation of more than 256 blocks has several
    /// events, and the last one has `false`.
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
    /// The reason in words, with details.
    detail: String,
    /// The payment that now spends its coins, if known.
    #[schema(required)]
    replaced_by: Option<TxId>,
    /// Whether a block, since disconnected, had confirmed it.
    was_confirmed: bool,
}

/// Why a payment left the mempool without being mined: it expired, payments with higher fees displaced it, a payment
/// that spends the same coins replaced it or was mined, its parent was dropped, or it no longer fits the chain.
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
    /// Number of events that the client was too slow to read.
    #[schema(minimum = 0)]
    events: u64,
}
