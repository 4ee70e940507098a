"""Coinbases and payments: their ids, and the rules that need nothing else (T1 to T9)."""

from dataclasses import dataclass

from . import keys
from .encoding import U32, Address, Amount, Hash, PublicKey, Signature, encode
from .errors import require
from .keys import sha256

UNITS_PER_FED = 100_000_000
MAX_AMOUNT = 1_000_000_000 * UNITS_PER_FED
MAX_PAYMENT_BYTES = 100_000


@dataclass(frozen=True)
class Output:
    """An amount in units for an address."""

    amount: Amount
    recipient: Address


@dataclass(frozen=True)
class OutPoint:
    """Identifies an output by its transaction and its index there."""

    txid: Hash
    index: U32


@dataclass(frozen=True)
class Coinbase:
    """The transaction that pays the miner of a block."""

    height: U32
    output: Output

    def txid(self) -> bytes:
        """Rule E4."""
        return sha256(b"FEDCoin coinbase", encode(self))


@dataclass(frozen=True)
class UnsignedPayment:
    """What a payment's sender signs."""

    sender: PublicKey
    replaceable: bool
    inputs: tuple[OutPoint, ...]
    outputs: tuple[Output, ...]

    def txid(self) -> bytes:
        """Rule E4: the signature is no part of it."""
        return sha256(b"FEDCoin payment", encode(self))

    def signing_message(self, network: bytes) -> bytes:
        """Rule E6."""
        return b"FEDCoin signature" + network + self.txid()

    def sign(self, key: keys.PrivateKey, network: bytes) -> "Payment":
        """The payment, signed."""
        return Payment(self, key.sign(self.signing_message(network)))


@dataclass(frozen=True)
class Payment:
    """A payment of one sender, who owns all its inputs."""

    unsigned: UnsignedPayment
    signature: Signature

    def txid(self) -> bytes:
        """The payment's id (rule E4)."""
        return self.unsigned.txid()

    def hash(self) -> bytes:
        """The SHA-256 of all its bytes: its leaf in a merkle tree (rule B3)."""
        return sha256(encode(self))

    def spent(self) -> int:
        """The sum of the outputs."""
        return sum(output.amount for output in self.unsigned.outputs)


def check_payment(payment: Payment, network: bytes) -> None:
    """Rules T1 to T9. That a payment fits a block of its own (T3) is asked of the block."""
    unsigned = payment.unsigned
    require(len(unsigned.inputs) > 0, "T1", "a payment without inputs")
    require(len(unsigned.outputs) > 0, "T2", "a payment without outputs")
    require(len(encode(payment)) <= MAX_PAYMENT_BYTES, "T3", "a payment above 100,000 bytes")
    require(len(set(unsigned.inputs)) == len(unsigned.inputs), "T4", "a payment that names an input twice")
    require(all(output.amount > 0 for output in unsigned.outputs), "T5", "an output of zero")
    require(payment.spent() <= MAX_AMOUNT, "T6", "outputs above 1,000,000,000 FED")
    require(unsigned.sender[0] in (2, 3), "T7", "a key that begins with neither 02 nor 03")
    require(keys.has_low_s(payment.signature), "T8", "a signature with a high s")
    message = unsigned.signing_message(network)
    require(keys.verify(unsigned.sender, message, payment.signature), "T9", "a signature that is not the sender's")
