//! Payments and blocks, valid and invalid.

use crate::Bytes;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::pow::search;
use fedcoin_node::primitives::{
    Address, Block, Coinbase, Header, OutPoint, Output, Payment, PublicKey, Signature, TxId, UnsignedPayment,
};
use fedcoin_node::units::{Amount, CompactTarget, Height, Timestamp};

/// People in the runs, by number from 1.
pub(crate) const PEOPLE: u8 = 4;

/// A network whose subsidy soon runs out. Person 1 owns the first coins.
#[must_use]
pub fn params() -> ChainParams {
    let mut params = ChainParams { halving_interval: 4, coinbase_maturity: 1, ..ChainParams::regtest() };
    params.genesis.recipient = key(1).address();
    params
}

/// The public key of the `n`th person; nobody has the private one.
#[must_use]
pub fn key(n: u8) -> PublicKey {
    let mut bytes = [0; 33];
    (bytes[0], bytes[1]) = (2, n);
    PublicKey::from_bytes(bytes)
}

/// The number of the person who owns an address, or 1 if nobody does.
pub(crate) fn person(owner: &Address) -> u8 {
    (1..=PEOPLE).find(|n| key(*n).address() == *owner).unwrap_or(1)
}

/// A payment with a signature that the driver accepts (see [`crate::NaiveLedger::is_signed`]).
#[must_use]
pub fn pay(sender: u8, inputs: Vec<OutPoint>, outputs: Vec<Output>) -> Payment {
    let unsigned = UnsignedPayment { sender: key(sender), replaceable: false, inputs, outputs };
    let mut signature = [0; 64];
    (signature[0], signature[63]) = (1, 1);
    Payment { unsigned, signature: Signature::from_bytes(signature) }
}

/// A solved block that obeys all rules, if its payments do and `fedcoin_testkit::lineage` knows its parent.
#[must_use]
pub fn block_on(
    params: &ChainParams,
    parent: &Header,
    time: Timestamp,
    coinbase: Coinbase,
    payments: Vec<Payment>,
) -> Block {
    let mut block = fedcoin_testkit::blocks::block(params, parent.id(), time, coinbase, payments);
    solve(&mut block);
    block
}

/// Commits the header to the block and finds its nonce.
pub fn solve(block: &mut Block) {
    block.header.commitment = block.commitment();
    solve_header(&mut block.header);
}

/// Searches the nonce for a moment. Returns whether it was found.
pub(crate) fn solve_header(header: &mut Header) -> bool {
    let Ok(target) = header.target.expand() else { return false };
    let found = search(header, target, header.salt, 0..1 << 14);
    header.nonce = found.unwrap_or(0);
    found.is_some()
}

/// A fault of a payment or a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// The signature is somebody else's.
    Forged,
    /// The driver fails to check the signature the first time. This is not a fault of the payment.
    Unsure,
    /// The signature's `s` is in the upper half.
    HighS,
    /// An input appears twice.
    InputTwice,
    /// An input does not exist.
    NoSuchInput,
    /// An output has an amount of zero.
    ZeroOutput,
    /// An output is larger by one unit.
    OneUnitMore,
    /// An output has the maximum amount.
    LargestOutput,
    /// Somebody else claims to be the sender.
    OtherSender,
    /// The key has another form.
    KeyForm,
    /// There are no inputs.
    NoInputs,
}

impl Defect {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Forged,
        Self::Unsure,
        Self::HighS,
        Self::InputTwice,
        Self::NoSuchInput,
        Self::ZeroOutput,
        Self::OneUnitMore,
        Self::LargestOutput,
        Self::OtherSender,
        Self::KeyForm,
        Self::NoInputs,
    ];

    /// One of them.
    pub(crate) fn of(bytes: &mut Bytes<'_>) -> Self {
        Self::ALL[bytes.below(Self::ALL.len())]
    }

    /// Applies the fault.
    pub fn spoil(self, payment: &mut Payment) {
        let unsigned = &mut payment.unsigned;
        let mut signature = *payment.signature.as_bytes();
        match self {
            Self::Forged => signature[0] = 2,
            Self::Unsure => signature[1] = 1,
            Self::HighS => signature[32] = 0xff,
            Self::InputTwice => unsigned.inputs.extend(unsigned.inputs.first().copied()),
            Self::NoSuchInput => unsigned.inputs.push(OutPoint { txid: TxId([7; 32]), index: 7 }),
            Self::ZeroOutput => unsigned.outputs.push(Output { amount: Amount::ZERO, recipient: key(1).address() }),
            Self::OneUnitMore => unsigned.outputs.push(Output { amount: units(1), recipient: key(1).address() }),
            Self::LargestOutput => unsigned.outputs.push(Output { amount: Amount::MAX, recipient: key(1).address() }),
            Self::OtherSender => unsigned.sender = key(PEOPLE + 1),
            Self::KeyForm => {
                let mut key = *unsigned.sender.as_bytes();
                key[0] = 4;
                unsigned.sender = PublicKey::from_bytes(key);
            }
            Self::NoInputs => unsigned.inputs.clear(),
        }
        payment.signature = Signature::from_bytes(signature);
    }
}

/// Applies a fault to a block and, for most faults, finds a nonce again.
pub(crate) fn spoil_block(bytes: &mut Bytes<'_>, block: &mut Block) {
    let header = &mut block.header;
    match bytes.below(14) {
        0 => header.version = 2,
        1 => header.target = CompactTarget(header.target.0 ^ 1 << bytes.below(32)),
        2 => header.time = Timestamp(bytes.byte().into()),
        3 => header.time = Timestamp(u64::MAX - u64::from(bytes.byte())),
        4 => block.coinbase.height = Height(block.coinbase.height.0 ^ 1 << bytes.below(32)),
        5 => block.coinbase.output.amount = plus_one(block.coinbase.output.amount),
        6 => block.coinbase.output.amount = Amount::MAX,
        7 => block.coinbase.output.amount = Amount::ZERO,
        8 => block.payments.reverse(),
        9 => block.payments.extend(block.payments.first().cloned()),
        10 => block.roots.history.0[0] ^= 1,
        11 => block.roots.ledger.0[31] ^= 1,
        12 => {
            // The body no longer matches the header.
            block.payments.extend(block.payments.last().cloned());
            block.coinbase.output.recipient = key(bytes.byte()).address();
            return;
        }
        _ => {
            // The work may be missing.
            header.nonce = header.nonce.wrapping_add(1);
            return;
        }
    }
    solve(block);
}

fn plus_one(amount: Amount) -> Amount {
    amount.checked_add(units(1)).unwrap_or(amount)
}

/// An amount within range.
pub(crate) fn units(n: u64) -> Amount {
    Amount::from_units(n).unwrap()
}
