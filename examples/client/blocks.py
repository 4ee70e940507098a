"""Headers and blocks: their bytes and ids, and the rules that need no other block."""

import struct
from dataclasses import dataclass
from typing import ClassVar

from . import targets
from .encoding import encode
from .errors import require
from .keys import sha256
from .network import ChainParams
from .roots import History, StateRoots, Unspent, commitment, ledger_root
from .transactions import Coinbase, OutPoint, Output, Payment, check_payment


@dataclass(frozen=True)
class Header:
    """A header: 88 bytes, integers big-endian (rule E2)."""

    SIZE: ClassVar[int] = 88
    FORM: ClassVar[struct.Struct] = struct.Struct(">II32s32sQII")

    version: int
    salt: int
    previous: bytes
    commitment: bytes
    time: int
    target: int
    nonce: int

    def to_bytes(self) -> bytes:
        """The 88 bytes."""
        return self.FORM.pack(
            self.version, self.salt, self.previous, self.commitment, self.time, self.target, self.nonce
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Header":
        """Reads 88 bytes."""
        return cls(*cls.FORM.unpack(data))

    def id(self) -> bytes:
        """The SHA-256 of the bytes (rule E3), as messages carry it."""
        return sha256(self.to_bytes())


def id_number(block_id: bytes) -> int:
    """An id as the number that is compared with targets (rule E3)."""
    return int.from_bytes(block_id, "little")


def id_text(block_id: bytes) -> str:
    """An id in text form: in reverse order (rule E3)."""
    return block_id[::-1].hex()


@dataclass(frozen=True)
class Block:
    """A header, the roots of the state before it, and its transactions."""

    header: Header
    roots: StateRoots
    coinbase: Coinbase
    payments: tuple[Payment, ...]

    def id(self) -> bytes:
        """The header's id."""
        return self.header.id()


def merkle_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return sha256(b"\x00", leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01", merkle_root(leaves[:split]), merkle_root(leaves[split:]))


def block_commitment(roots: StateRoots, coinbase: Coinbase, payments: tuple[Payment, ...]) -> bytes:
    """What the header of a block with this content contains (rule B3)."""
    return commitment(merkle_root([coinbase.txid()] + [payment.hash() for payment in payments]), roots)


def genesis_block(params: ChainParams) -> Block:
    """The first block, which follows from the network's rules (rule N1)."""
    genesis = params.genesis
    coinbase = Coinbase(0, Output(genesis.amount, genesis.recipient))
    coin = Unspent(OutPoint(coinbase.txid(), 0), coinbase.output, 0, True)
    roots = StateRoots(History().root(), ledger_root(0, [coin] if genesis.amount > 0 else []))
    content = block_commitment(roots, coinbase, ())
    return Block(Header(1, 0, sha256(encode(params)), content, genesis.time, params.target, 0), roots, coinbase, ())


def check_header(header: Header) -> None:
    """Rules H1 to H3."""
    require(header.version == 1, "H1", f"a header of version {header.version}")
    require(id_number(header.id()) <= targets.expand(header.target), "H3", "a header without its work")


def check_block(block: Block, height: int, network: bytes, params: ChainParams) -> None:
    """Rules B1 to B5, and T1 to T9 of each payment."""
    content = block_commitment(block.roots, block.coinbase, block.payments)
    require(block.header.commitment == content, "B3", "a body of another header")
    require(len(encode(block)) <= params.max_block_bytes, "B1", "a block that is too large")
    count = len(block.payments)
    least, most = params.min_block_payments, params.max_block_payments
    require(least <= count <= most, "B2", f"a block with {count} payments, not {least} to {most}")
    for payment in block.payments:
        check_payment(payment, network)
    inputs = [outpoint for payment in block.payments for outpoint in payment.unsigned.inputs]
    require(len(set(inputs)) == len(inputs), "B4", "a block that spends an output twice")
    require(block.coinbase.height == height, "B5", f"a coinbase of height {block.coinbase.height}, not {height}")
