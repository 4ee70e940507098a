"""The messages between peers, their numbers and their limits."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Union

from .blocks import Block as FullBlock
from .blocks import Header
from .encoding import U8, U16, U32, U64, BlockId, Hash, ShortId, Work, decode, encode
from .errors import RuleBroken, require
from .keys import sha256
from .roots import StateRoots
from .transactions import Coinbase
from .transactions import Payment as SignedPayment

VERSION = 4


@dataclass(frozen=True)
class Hello:
    """Number 0: the sender's identity and chain."""

    version: U16
    network: BlockId
    nonce: U64
    tip: BlockId
    height: U32
    work: Work
    time: U64
    user_agent: str
    listen: str | None


@dataclass(frozen=True)
class GetHeaders:
    """Number 1: requests the headers after a locator."""

    locator: tuple[BlockId, ...]


@dataclass(frozen=True)
class Headers:
    """Number 2."""

    headers: tuple[Header, ...]


@dataclass(frozen=True)
class Inv:
    """Number 3: announces payments."""

    txids: tuple[Hash, ...]


@dataclass(frozen=True)
class GetPayments:
    """Number 4."""

    txids: tuple[Hash, ...]


@dataclass(frozen=True)
class Payment:
    """Number 5."""

    payment: SignedPayment


@dataclass(frozen=True)
class GetBlocks:
    """Number 6."""

    ids: tuple[BlockId, ...]


@dataclass(frozen=True)
class Block:
    """Number 7."""

    block: FullBlock


@dataclass(frozen=True)
class NotFound:
    """Number 8: requested items that the sender does not have."""

    blocks: tuple[BlockId, ...]
    payments: tuple[Hash, ...]


@dataclass(frozen=True)
class GetAddresses:
    """Number 9."""


@dataclass(frozen=True)
class Addresses:
    """Number 10: URLs of nodes."""

    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Ping:
    """Number 11."""

    nonce: U64


@dataclass(frozen=True)
class Pong:
    """Number 12."""

    nonce: U64


@dataclass(frozen=True)
class Goodbye:
    """Number 13."""

    reason: U8


@dataclass(frozen=True)
class GetCompactBlock:
    """Number 14."""

    id: BlockId


@dataclass(frozen=True)
class CompactBlock:
    """Number 15: a block with six bytes for each payment (rule W10)."""

    header: Header
    roots: StateRoots
    coinbase: Coinbase
    salt: U64
    short_ids: tuple[ShortId, ...]


@dataclass(frozen=True)
class GetBlockPayments:
    """Number 16: requests the missing payments of a compact block."""

    id: BlockId
    places: tuple[U16, ...]


@dataclass(frozen=True)
class BlockPayments:
    """Number 17."""

    id: BlockId
    payments: tuple[SignedPayment, ...]


@dataclass(frozen=True)
class Payments:
    """Number 18: unrequested payments, for a peer that nobody dials."""

    payments: tuple[SignedPayment, ...]


Message = Union[
    Hello, GetHeaders, Headers, Inv, GetPayments, Payment, GetBlocks, Block, NotFound, GetAddresses,
    Addresses, Ping, Pong, Goodbye, GetCompactBlock, CompactBlock, GetBlockPayments, BlockPayments, Payments,
]  # fmt: skip

# For each kind, by number: its class, its maximum size in bytes, and the maximum length of each list.
KINDS: tuple[tuple[type, int, dict[str, int]], ...] = (
    (Hello, 1_000, {"user_agent": 128}),
    (GetHeaders, 2_056, {"locator": 64}),
    (Headers, 176_008, {"headers": 2_000}),
    (Inv, 160_008, {"txids": 5_000}),
    (GetPayments, 16_008, {"txids": 500}),
    (Payment, 1_100_000, {}),
    (GetBlocks, 520, {"ids": 16}),
    (Block, 1_100_000, {}),
    (NotFound, 16_528, {"blocks": 500, "payments": 500}),
    (GetAddresses, 1, {}),
    (Addresses, 26_008, {"addresses": 100}),
    (Ping, 9, {}),
    (Pong, 9, {}),
    (Goodbye, 2, {}),
    (GetCompactBlock, 33, {}),
    (CompactBlock, 48_214, {"short_ids": 8_000}),
    (GetBlockPayments, 16_040, {"places": 8_000}),
    (BlockPayments, 1_100_000, {"payments": 8_000}),
    (Payments, 1_100_000, {"payments": 500}),
)
LARGEST = 1_100_000
_NUMBERS = {kind: number for number, (kind, _, _) in enumerate(KINDS)}

# The reasons of `Goodbye`, by number.
REASONS = (
    "ShuttingDown", "WrongNetwork", "WrongVersion", "SelfConnection", "Duplicate", "TooManyPeers",
    "HandshakeTimeout", "Unresponsive", "Stalled", "BadMessage", "UnexpectedMessage", "InvalidHeader",
    "InvalidBlock", "InvalidPayment", "TooManyMessages", "Banned", "SlowReader",
)  # fmt: skip


def to_frame(message: Message) -> bytes:
    """A message as one WebSocket message."""
    return bytes([_NUMBERS[type(message)]]) + encode(message)


def from_frame(frame: bytes | str) -> Message:
    """Reads one WebSocket message, within the limits of its kind (rule W1)."""
    if isinstance(frame, str):
        raise RuleBroken("W1", "a text where bytes belong")
    require(len(frame) > 0, "W1", "an empty message")
    require(frame[0] < len(KINDS), "W1", f"a message of the unknown number {frame[0]}")
    kind, largest, limits = KINDS[frame[0]]
    require(len(frame) <= largest, "W1", f"a {kind.__name__} of {len(frame)} bytes")
    message: Message = decode(kind, frame[1:])
    for name, limit in limits.items():
        value = getattr(message, name)
        count = len(value.encode()) if isinstance(value, str) else len(value)
        require(count <= limit, "W1", f"a {kind.__name__} whose {name} has {count} items")
    if isinstance(message, Goodbye):
        require(message.reason < len(REASONS), "W1", f"a Goodbye of the unknown reason {message.reason}")
    if isinstance(message, Addresses):
        require(all(map(is_address, message.addresses)), "W1", "an address of another form")
    return message


def is_address(text: str) -> bool:
    """Whether a text is a node's address in canonical form (rule W7)."""
    form = re.fullmatch(r"wss?://(\[.+\]|[^:/\[]+)(?::([1-9][0-9]{0,4}))?/ws", text)
    if form is None or len(text) > 256 or int(form[2] or 1) > 0xFFFF:
        return False
    host = form[1]
    try:
        if host.startswith("["):
            return str(ipaddress.IPv6Address(host[1:-1])) == host[1:-1]
        if host.split(".")[-1].isdigit():
            return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False
    return re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", host) is not None


def compact(block: FullBlock, salt: int) -> CompactBlock:
    """The compact form of a block (rule W10)."""
    key = siphash_key(block.header, salt)
    short_ids = tuple(siphash(key, payment.hash())[:6] for payment in block.payments)
    return CompactBlock(block.header, block.roots, block.coinbase, salt, short_ids)


def siphash_key(header: Header, salt: int) -> bytes:
    """The hash key of the payments in a compact block (rule W10)."""
    return sha256(header.to_bytes(), salt.to_bytes(8, "little"))[:16]


def siphash(key: bytes, data: bytes) -> bytes:
    """SipHash-2-4; the number's bytes, little-endian."""
    mask = (1 << 64) - 1
    k0, k1 = (int.from_bytes(key[at : at + 8], "little") for at in (0, 8))
    v0, v1 = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D
    v2, v3 = k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573

    def rotate(value: int, by: int) -> int:
        return (value << by | value >> 64 - by) & mask

    def mix(rounds: int) -> None:
        nonlocal v0, v1, v2, v3
        for _ in range(rounds):
            v0, v2 = (v0 + v1) & mask, (v2 + v3) & mask
            v1, v3 = rotate(v1, 13) ^ v0, rotate(v3, 16) ^ v2
            v0, v2 = (rotate(v0, 32) + v3) & mask, (v2 + v1) & mask
            v3, v1 = rotate(v3, 21) ^ v0, rotate(v1, 17) ^ v2
            v2 = rotate(v2, 32)

    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) & 0xFF])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at : at + 8], "little")
        v3 ^= word
        mix(2)
        v0 ^= word
    v2 ^= 0xFF
    mix(4)
    return (v0 ^ v1 ^ v2 ^ v3).to_bytes(8, "little")
